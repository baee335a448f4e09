"""What an application does with the judge0 package; only the address is ours. Prints what it got, as JSON."""

import json
import os
import time
from importlib.metadata import version

import judge0

PANDAS = 'import pandas as pd\nprint(pd.DataFrame({"a": [1, 2, 3]}).a.sum())'


def told(submission):
    return {
        "status": int(submission.status),
        "stdout": submission.stdout,
        "stderr": submission.stderr,
        "exit_code": submission.exit_code,
        "token": str(submission.token),
    }


def main():
    client = judge0.get_client()
    got = {
        "version": version("judge0"),
        "languages": [language.id for language in client.get_languages()],
        "language": client.get_language(71).name,
        "statuses": len(client.get_statuses()),
        "batch": client.get_config_info().max_submission_batch_size,
    }
    # The language that the package chooses by itself, then others by their names.
    got["hello"] = told(judge0.run(source_code="print('hello')"))
    got["names"] = [
        told(judge0.run(source_code="print('x')", language=language))
        for language in (judge0.PYTHON, judge0.PYTHON3, judge0.PYTHON_FOR_ML, 71, 109)
    ]
    # The two other ways to name the address: the other kind of service, and in the program.
    got["extra"] = told(judge0.run(client=judge0.EXTRA_CE, source_code="print('extra')"))
    headers = json.loads(os.environ["JUDGE0_CE_AUTH_HEADERS"])
    explicit = judge0.Client(os.environ["JUDGE0_CE_ENDPOINT"], headers)
    got["explicit"] = told(judge0.run(client=explicit, source_code="print('explicit')"))
    got["input"] = told(judge0.run(source_code="print(f'hello, {input()}')", stdin="Ada"))
    got["cases"] = [
        told(submission)
        for submission in judge0.run(
            source_code="print(f'Hello, {input()}!')",
            test_cases=[("tuple", "Hello, tuple!"), judge0.TestCase("case", "Hello, case!"), ["list", "Hello, other!"]],
        )
    ]
    submissions = [judge0.Submission(source_code=f"print({n})", expected_output=str(n % 2)) for n in range(4)]
    got["submissions"] = [told(submission) for submission in judge0.run(submissions=submissions)]
    waiting = judge0.async_run(source_code="import time\ntime.sleep(0.2)\nprint('late')")
    got["begun"] = waiting.is_done()
    got["late"] = told(judge0.wait(submissions=waiting))
    got["raised"] = told(judge0.run(source_code="1 / 0"))
    got["timed_out"] = told(judge0.run(source_code="while True: pass", wall_time_limit=0.5))
    got["unsupported"] = refusal(lambda: client.create_submission(judge0.Submission(source_code="1", language=63)))
    got["pandas_ms"] = []
    for _ in range(10):
        begin = time.perf_counter()
        assert told(judge0.run(source_code=PANDAS))["stdout"] == "6\n"
        got["pandas_ms"].append(1000 * (time.perf_counter() - begin))
    print(json.dumps(got))


def refusal(call):
    try:
        call()
    except Exception as error:  # each version of the package has another class for it
        return str(error)
    return None


main()
