"""The other viewers' JavaScript: fetched by npm at locked versions, checked against locked hashes, kept in a cache."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the npm registry, the script wanted of it, and the hash of its archive."""

    name: str
    version: str
    script: str
    sha512: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


VIS = Package(
    "vis-network",
    "10.1.5",
    "standalone/umd/vis-network.min.js",
    "civ5BjoMdAEwRb/PZMmBZ3sD+NPymIWfkIeaoBDqQZKJ1YDq20X6vTB8u+UstwdWT9ftxRaSEflKFOUTw43I0w==",
)
CYTOSCAPE = Package(
    "cytoscape",
    "3.34.4",
    "dist/cytoscape.min.js",
    "msY99tMY8iWTg+sIPGfSqDcPNOt4xcj+v/K/7qUFaCUxxlqnMkUYLBjRUzn9W5CU/R2hrmtJa5+UtovrEM2ctg==",
)
FORCE_GRAPH = Package(
    "force-graph",
    "1.52.0",
    "dist/force-graph.min.js",
    "0fpxrZzW6qwm9zM7wgh54d7GbxQfQSDV71I0apo+75PVYQPpPHGVPQFLsE9WAu+hOS4VdLd53g0Hua/bxDJKSg==",
)
SIGMA = Package(
    "sigma",
    "3.0.3",
    "dist/sigma.min.js",
    "5H0zFlx6/NTQpqBg4Rm569ZOpnBOXMaS25UQThIWMU3XyzI5AhmorK/gnl87BvJBLhQd0tW4C0LIp3enWzMoNw==",
)
GRAPHOLOGY = Package(
    "graphology",
    "0.26.0",
    "dist/graphology.umd.min.js",
    "8SSImzgUUYC89Z042s+0r/vMibY7GX/Emz4LDO5e7jYXhuoWfHISPFJYjpRLUSJGq6UQ6xlenvX1p/hJdfXuXg==",
)
D3 = Package(
    "d3",
    "7.9.2",
    "dist/d3.min.js",
    "ZKb/mONPVKzaO5UlcWcwN8bS4ezvQaYu+bsou+XgNABdGC800kwH651ADTbbTxMPHW13UlvbQafdmJQDk1w7Mg==",
)


def fetch(package: Package, cache: Path) -> str:
    """The script of a package; npm is asked only for what the cache does not hold.

    Raises:
        ValueError: the archive is not the locked one.
    """
    archive = cache / f"{package.name}-{package.version}.tgz"
    if not archive.exists():
        cache.mkdir(parents=True, exist_ok=True)
        wanted = f"{package.name}@{package.version}"
        command = ["npm", "pack", wanted, "--ignore-scripts", "--silent", "--pack-destination", str(cache)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    content = archive.read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != package.sha512:
        raise ValueError(f"{archive} is not the locked archive of {package}; remove it to fetch it again")
    with tarfile.open(archive) as members:
        script = members.extractfile(f"package/{package.script}")
        if script is None:
            raise ValueError(f"{archive} holds no {package.script}")
        return script.read().decode()
