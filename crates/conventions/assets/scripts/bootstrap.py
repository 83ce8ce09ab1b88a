"""What a deployment offers to its Python scripts (Python 3.6 or newer).

Called with the file of the variables and the script; runs the script as `__main__`.
"""
import sys


def _octopus_run():
    import base64
    import json
    import os

    class OctopusVariables(dict):
        """The deployment's variables; case does not matter."""

        def __getitem__(self, name):
            return super().__getitem__(name.lower())

        def __contains__(self, name):
            return super().__contains__(name.lower())

        def get(self, name, default=None):
            return super().get(name.lower(), default)

    def encode(value):
        return base64.b64encode(str(value).encode("utf-8", "surrogateescape")).decode("ascii")

    def message(kind, **attributes):
        parts = "".join(" {}='{}'".format(key, encode(value)) for key, value in attributes.items())
        print("##octopus[{}{}]".format(kind, parts), flush=True)

    def write(mode, text):
        print("##octopus[stdout-{}]\n{}\n##octopus[stdout-default]".format(mode, text), flush=True)

    def get_octopusvariable(name):
        """The value of a variable; KeyError where there is none."""
        return variables[name]

    def set_octopusvariable(name, value, sensitive=False):
        """Sets an output variable."""
        if sensitive:
            message("setVariable", name=name, value=value, sensitive=True)
        else:
            message("setVariable", name=name, value=value)

    def createartifact(path, name=None):
        """Keeps a file with the deployment."""
        path = os.path.abspath(path)
        message("createArtifact", path=path, name=name or os.path.basename(path), length=os.path.getsize(path))

    def failstep(text=None):
        """Ends the script, and with it the deployment."""
        if text:
            message("resultMessage", message=text)
        sys.exit(1)

    def updateprogress(percentage, text=""):
        """Tells how far the step has come, from 0 to 100."""
        message("progress", percentage=percentage, message=text)

    _, variables_file, script = sys.argv
    with open(variables_file, encoding="utf-8") as file:
        variables = OctopusVariables((name.lower(), value) for name, value in json.load(file).items())
    os.remove(variables_file)

    sys.argv = [script]
    sys.path[0] = os.path.dirname(script)
    with open(script, "rb") as file:
        code = compile(file.read(), script, "exec")
    return code, {
        "__file__": script,
        "octopusvariables": variables,
        "get_octopusvariable": get_octopusvariable,
        "set_octopusvariable": set_octopusvariable,
        "createartifact": createartifact,
        "new_octopusartifact": createartifact,
        "failstep": failstep,
        "updateprogress": updateprogress,
        "printverbose": lambda text: write("verbose", text),
        "printhighlight": lambda text: write("highlight", text),
        "printwait": lambda text: write("wait", text),
        "printwarning": lambda text: write("warning", text),
    }


_octopus_code, _octopus_names = _octopus_run()
globals().update(_octopus_names)
exec(_octopus_code)
