"""The side that is judged: the `engageql` executable."""

import json
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """What one side says of a document or schema: no findings if it is valid."""

    findings: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
    warnings: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = ()

    @property
    def is_valid(self):
        return not self.findings


def finding(message, places):
    """A message and its places in one form for both sides: the oracle quotes with ', the reference and we with \"."""
    return message.replace("'", '"'), tuple(sorted(places))


class Engine:
    """`engageql check --stream`, kept open for all questions."""

    def __init__(self, executable):
        self.executable = executable
        self.process = subprocess.Popen(
            [executable, "check", "--stream", "--schema", "/dev/null"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def check(self, schema, document=None):
        """The verdict on a document, or on the schema itself."""
        request = {"schema": schema}
        if document is not None:
            request["document"] = document
        answer = self.ask(request)
        if "error" in answer and (document is not None or "errors" not in answer):
            raise RuntimeError(f"{answer['error']} {answer.get('errors', '')}")
        return Verdict(_findings(answer["errors"]), _findings(answer.get("warnings", ())))

    def ask(self, request):
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the engine ended with {self.process.wait()} at {json.dumps(request)}")
        return json.loads(line)

    def printed_schema(self, sdl):
        return self._schema(sdl).removesuffix("\n")

    def introspection(self, sdl):
        return json.loads(self._schema(sdl, "--introspection"))["data"]

    def _schema(self, sdl, *options):
        command = [self.executable, "schema", "--schema", "-", *options]
        return subprocess.run(command, input=sdl.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def _findings(errors):
    return tuple(
        sorted(
            finding(error["message"], ((place["line"], place["column"]) for place in error["locations"]))
            for error in errors
        )
    )
