/** What a user meets first: it runs as it is, prints something and returns something. */
export const STARTING_SCRIPT = `def main():
    numbers = range(1, 6)
    print("Squares of", *numbers)
    squares = [n * n for n in numbers]
    return {"squares": squares, "total": sum(squares)}
`;
