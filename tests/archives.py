"""The suite from the built archives: the wheel is installed, the tests come from the sdist.

``make archives`` runs all of it but what needs the real interviews; further arguments go to pytest:
``python tests/archives.py -m "not slow"``. The source archive's own packages are taken away before
the tests run, so that what is tested is what the wheel holds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]


def run(*command: str | Path, cwd: Path, **environment: str) -> None:
    print("$", " ".join(str(part) for part in command), flush=True)
    subprocess.run(
        [str(part) for part in command], cwd=cwd, check=True, env={**os.environ, **environment}
    )


def main(arguments: list[str]) -> None:
    """Build, install, test; further arguments go to pytest."""
    with tempfile.TemporaryDirectory(prefix="second-coder-") as folder:
        work = Path(folder)
        dist = work / "dist"
        run(sys.executable, "-m", "build", "--outdir", dist, TOP, cwd=TOP)
        (wheel,) = dist.glob("*.whl")
        (source,) = dist.glob("*.tar.gz")
        venv.create(work / "env", with_pip=True)
        python = work / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
        run(
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-c",
            TOP / "constraints.txt",
            f"{wheel}[dev]",
            cwd=work,
        )
        with tarfile.open(source) as archive:
            archive.extractall(work / "source", filter="data")
        (tree,) = (work / "source").iterdir()
        for package in ("assistant", "eval"):
            shutil.rmtree(tree / package)
        # The command of the wheel, from a folder that knows nothing of the checkout.
        run(python.parent / "secondcoder", "init", work / "study", cwd=work)
        chosen = ["-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", *arguments]
        run(python, "-m", "pytest", *chosen, cwd=tree)


if __name__ == "__main__":
    main(sys.argv[1:])
