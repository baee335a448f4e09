import { type CorpusTheme, python } from './corpus-case';

export const CONCURRENCY: CorpusTheme = {
  theme: 'the standard library: concurrency',
  cases: [
    {
      name: 'asyncio: tasks, queues, time-outs and locks, from a synchronous main',
      script: python`
        import asyncio

        async def producer(queue):
            for i in range(3):
                await queue.put(i)
            await queue.put(None)

        async def consume(queue):
            seen = []
            while (item := await queue.get()) is not None:
                seen.append(item)
            return seen

        async def work():
            queue = asyncio.Queue(maxsize=1)
            task = asyncio.create_task(producer(queue))
            seen = await consume(queue)
            await task
            try:
                await asyncio.wait_for(asyncio.sleep(5), 0.02)
            except asyncio.TimeoutError:
                seen.append("timeout")
            async with asyncio.Lock():
                seen.append(await asyncio.to_thread(lambda: "thread"))
            return seen

        def main():
            return asyncio.run(work())
      `,
      answer: { result: '[0,1,2,"timeout","thread"]' },
    },
    {
      name: 'asyncio: async generators, comprehensions and context managers',
      script: python`
        from contextlib import asynccontextmanager

        async def numbers():
            for i in range(3):
                yield i

        @asynccontextmanager
        async def tag(name):
            print("enter", name)
            yield name
            print("exit", name)

        async def main():
            async with tag("a") as name:
                return [name, [n * 10 async for n in numbers()]]
      `,
      answer: { result: '["a",[0,10,20]]', stdout: 'enter a\nexit a\n' },
    },
    {
      name: 'threading: threads, locks, events and thread-local data',
      script: python`
        import threading

        def main():
            total = 0
            lock = threading.Lock()
            start = threading.Event()
            local = threading.local()

            def work(n):
                nonlocal total
                local.n = n
                start.wait()
                for _ in range(100):
                    with lock:
                        total += local.n

            threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
            for thread in threads:
                thread.start()
            start.set()
            for thread in threads:
                thread.join()
            return total
      `,
      answer: { result: '2800' },
    },
    {
      name: 'concurrent.futures: a thread pool maps in order and carries exceptions',
      script: python`
        from concurrent.futures import ThreadPoolExecutor, as_completed

        def main():
            with ThreadPoolExecutor(max_workers=4) as pool:
                squares = list(pool.map(lambda n: n * n, range(5)))
                failed = pool.submit(lambda: 1 / 0)
                return [squares, type(failed.exception()).__name__, sum(f.result() for f in as_completed([pool.submit(int, "7")]))]
      `,
      answer: { result: '[[0,1,4,9,16],"ZeroDivisionError",7]' },
    },
    {
      name: 'queue.Queue and a timer',
      script: python`
        import queue
        import threading

        def main():
            items = queue.Queue()
            timer = threading.Timer(0.01, items.put, args=("from the timer",))
            timer.start()
            return items.get(timeout=5)
      `,
      answer: { result: '"from the timer"' },
    },
    {
      name: 'a thread that is still running does not hold the answer back',
      script: python`
        import threading, time

        def main():
            threading.Thread(target=time.sleep, args=(8,)).start()
            return "answered"
      `,
      answer: { result: '"answered"' },
    },
    {
      name: 'an exception in a thread is printed and does not fail the script',
      script: python`
        import threading

        def work():
            raise ValueError("in a thread")

        def main():
            threading.excepthook = lambda args: print("hook:", args.exc_value)
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            return "survived"
      `,
      answer: { result: '"survived"', stdout: 'hook: in a thread\n' },
    },
  ],
};
