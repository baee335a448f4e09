/**
 * Returns a script that does the same as `script`, in a form in which the script policy finds nothing to refuse: the policy
 * advises authors, and whoever attacks writes it like this. What the jail holds, it must hold against such scripts.
 */
export function disguised(script: string): string {
  // A JSON string is a string of Python too. `exec` and `open` are no bare names here, and `os` is in no import statement.
  return `import json

def main():
    space = {"__name__": "__main__"}
    json.__builtins__["exec"](${JSON.stringify(script)}, space)
    return space["main"]()
`;
}
