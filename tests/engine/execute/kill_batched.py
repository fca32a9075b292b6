"""Kill a batched sweep many times; at the end every record is there exactly once.

python tests/engine/execute/kill_batched.py [KILLS]
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
CHILD = """
import sys
from pathlib import Path
from replication.engine import environment, records
environment.enter("jax")
from replication.engine.execute.batched.sweep import sweep
from replication.engine.settings import Settings
records.FOLDER = Path(sys.argv[1]) / "records"
epochs = int(sys.argv[2])
runs = [
    Settings(
        dataset="digits", model=model, units=(16,), seed=seed, train_examples=200,
        pretrain_epochs=epochs, pretrain_batch_size=20, finetune_epochs=epochs,
        finetune_batch_size=20, finetune_keep="last", measure_examples=20, spectrum_examples=0,
    )
    for model in ("cae", "dae-b")
    for seed in range(3)
]
print("begins", flush=True)
sweep(runs, "killed", most=4, progress=False, every=0.3)
print("ends", flush=True)
"""
RUNS = 6


def main(kills: int, seed: int = 0) -> int:
    """Run the sweep until it ends by itself after some kills; return how often it was killed."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="killed-") as folder:
        seen: dict[str, bytes] = {}
        done = 0
        while True:
            child = start(folder, 100 * kills)
            ended = False
            if done < kills:
                wait = draw.uniform(0.0, 2.0)
                time.sleep(wait)
                ended = child.poll() is not None
                child.send_signal(signal.SIGKILL)
                done += not ended
            out, error = child.communicate()
            check(Path(folder), seen)
            if "ends" in out or ended:
                break
            if done >= kills and child.returncode not in (0, -signal.SIGKILL):
                raise SystemExit(error)
        left = [str(path) for path in (Path(folder) / "checkpoints").rglob("*") if path.is_file()]
        if len(seen) != RUNS or left:
            raise SystemExit(f"{len(seen)} of {RUNS} records; left over: {left}")
    return done


def start(folder: str, epochs: int) -> subprocess.Popen:
    """Start the sweep, and wait until it begins."""
    cache = {
        "JAX_COMPILATION_CACHE_DIR": str(Path(folder) / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, folder, str(epochs)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **cache, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "jax"},
    )
    assert child.stdout is not None
    child.stdout.readline()
    return child


def check(folder: Path, seen: dict[str, bytes]) -> None:
    """No record is lost, written twice or in part."""
    now = {path.name: path.read_bytes() for path in folder.glob("records/killed/*.json")}
    changed = [name for name, content in seen.items() if now.get(name) != content]
    broken = [name for name, content in now.items() if not content.endswith(b"}\n")]
    if changed or broken:
        raise SystemExit(f"records that changed: {changed}; records in part: {broken}")
    seen.update(now)


if __name__ == "__main__":
    count = main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    print(f"{count} kills, {RUNS} records, each written once")
