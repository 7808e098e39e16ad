"""On the host: which Debian package a build or a release would have needed, by what it wrote."""

import re

_PACKAGES = {
    "node": "nodejs",
    "npx": "npm",
    "yarn": "yarnpkg",
    "rustc": "cargo",
    **dict.fromkeys(("cc", "c++", "gcc", "g++", "make"), "build-essential and python3-dev"),
    "msgfmt": "gettext",
    "hg": "mercurial",
    "svn": "subversion",
    "pg_config": "libpq-dev",
    "mysql_config": "default-libmysqlclient-dev",
    "mariadb_config": "libmariadb-dev",
    "gdal-config": "libgdal-dev",
    "geos-config": "libgeos-dev",
    "curl-config": "libcurl4-openssl-dev",
    "krb5-config": "libkrb5-dev",
    "xml2-config": "libxml2-dev",
    "xslt-config": "libxslt1-dev",
    "pkg-config": "pkgconf",
    "pkgconf": "pkgconf",
    "Python.h": "python3-dev",
    "ffi.h": "libffi-dev",
    "libpq-fe.h": "libpq-dev",
    "mysql.h": "default-libmysqlclient-dev",
    "openssl/ssl.h": "libssl-dev",
    "jpeglib.h": "libjpeg-dev",
    "zlib.h": "zlib1g-dev",
    "ldap.h": "libldap-dev",
    "lber.h": "libldap-dev",
    "sasl/sasl.h": "libsasl2-dev",
    "libxml/xpath.h": "libxml2-dev",
    "libxml/xmlversion.h": "libxml2-dev",
    "libxslt/xsltconfig.h": "libxslt1-dev",
    "sqlite3.h": "libsqlite3-dev",
    "sql.h": "unixodbc-dev",
    "yaml.h": "libyaml-dev",
    "xmlsec1": "libxmlsec1-dev",
    "cairo": "libcairo2-dev",
    "libffi": "libffi-dev",
    "openssl": "libssl-dev",
    "libpq": "libpq-dev",
    "mysqlclient": "default-libmysqlclient-dev",
    "mariadb": "default-libmysqlclient-dev",
    "libmariadb": "libmariadb-dev",
    "libxml-2.0": "libxml2-dev",
}
_PACKAGES |= {name: name for name in ("cargo", "cmake", "ffmpeg", "gfortran", "git", "npm", "swig")}
"""Those of programs, headers and what pkg-config knows."""

_LIBRARIES = {
    "libEGL": "libegl1",
    "libGL": "libgl1",
    "libSM": "libsm6",
    "libX11": "libx11-6",
    "libXext": "libxext6",
    "libXrender": "libxrender1",
    "libasound": "libasound2",
    "libatomic": "libatomic1",
    "libcairo": "libcairo2",
    "libcairo-2": "libcairo2",
    "libcurl": "libcurl4",
    "libfontconfig": "libfontconfig1",
    "libfontconfig-1": "libfontconfig1",
    **dict.fromkeys(("libglib-2.0", "libgobject-2.0", "libgthread-2.0"), "libglib2.0-0"),
    **dict.fromkeys(("libglib-2.0-0", "libgobject-2.0-0"), "libpango-1.0-0 and libpangoft2-1.0-0"),
    "libgomp": "libgomp1",
    "libgssapi_krb5": "libgssapi-krb5-2",
    "libharfbuzz": "libharfbuzz0b",
    "libmagic": "libmagic1",
    "libmariadb": "libmariadb3",
    "libmemcached": "libmemcached11",
    "libodbc": "unixodbc",
    "libopenblas": "libopenblas0",
    **dict.fromkeys(("libpango-1.0", "libpango-1.0-0"), "libpango-1.0-0"),
    **dict.fromkeys(("libpangoft2-1.0", "libpangoft2-1.0-0"), "libpangoft2-1.0-0"),
    "libportaudio": "libportaudio2",
    "libpq": "libpq5",
    "librdkafka": "librdkafka1",
    "libsasl2": "libsasl2-2",
    "libsndfile": "libsndfile1",
    "libsodium": "libsodium23",
    "libsybdb": "libsybdb5",
    "libusb-1.0": "libusb-1.0-0",
    "libvips": "libvips42",
    "libxcb": "libxcb1",
    "libxml2": "libxml2",
    "libxmlsec1": "libxmlsec1",
    "libxmlsec1-openssl": "libxmlsec1-openssl",
    "libxslt": "libxslt1.1",
    "libzbar": "libzbar0",
}
"""Those of libraries that packages load as they are imported, by the names of their files up to `.so`."""
_END = re.compile(r"\.so[.\d]*$")

_TRIPLET = re.compile(r"(?:x86_64|aarch64)-linux-gnu-")

_NOT_OF_DEBIAN = dict.fromkeys(
    ("pip", "pip3"), "write uv pip install, or add pip to what the app asks for, as spaCy's downloads want it"
)
"""What to do about programs that an environment of uv's has not, and that Debian's would not do for."""

_NAME = r"([A-Za-z0-9_.+/-]{1,80}?)"
_NO_PROGRAM = [
    # What a shell, env, setuptools, and programs that ask others say of one that is not there.
    re.compile(rf"^(?:/\S+|sh): (?:line )?\d+: (?:exec: )?{_NAME}: not found$"),
    re.compile(rf"^(?:/\S+|bash): (?:line \d+: )?{_NAME}: command not found$"),
    re.compile(rf"^(?:/usr/bin/)?env: \W{_NAME}\W: No such file or directory$"),
    re.compile(rf"error: command '{_NAME}' failed: No such file or directory"),
    re.compile(rf"unable to execute '{_NAME}': No such file or directory"),
    re.compile(rf"{_NAME} executable not found"),
    re.compile(r"^/\S+: No module named (pip)$"),
]
_NO_HEADER = re.compile(rf"fatal error: {_NAME}: No such file or directory")
_NO_LIBRARY = re.compile(r"\b(lib[A-Za-z0-9_.+-]{1,80}): cannot open shared object file")
_NOT_ALWAYS = [
    # These may be about something else: they count where the name is known.
    re.compile(rf"\[Errno 2\] No such file or directory: '{_NAME}'$"),
    re.compile(rf"^Package '?{_NAME}'?,? .*not found"),
    re.compile(rf'Dependency "{_NAME}" not found'),
]
_BY_OTHER_WORDS = {
    "git": re.compile(r"Git executable not found"),
    "msgfmt": re.compile(r"Can't find msgfmt\b"),
    "cc": re.compile(r"Unknown compiler\(s\): |No CMAKE_(?:C|CXX)_COMPILER could be found"),
    "cargo": re.compile(r"can't find Rust compiler|Cargo, the Rust package manager, is not installed"),
    "pkg-config": re.compile(r"Can not find valid pkg-config name"),
    "libxml/xmlversion.h": re.compile(r"libxml2 and libxslt development packages are installed"),
}
_LIBRARY_BY_OTHER_WORDS = {
    "libmagic": re.compile(r"failed to find libmagic\b"),
    "libpq": re.compile(r"no pq wrapper available|libpq library not found"),
    "libzbar": re.compile(r"Unable to find zbar shared library"),
}


def remedy(lines: "list[str]") -> str:
    """Say what a build did not find, and the package that has it if we know it; nothing for another matter.

    Args:
        lines: what the build wrote.

    """
    return next(filter(None, (of_line(line.strip()) for line in reversed(lines))), "")


def of_line(line: str) -> str:
    """Say the same by one line."""
    if library := _library(line):
        package = _LIBRARIES.get(_END.sub("", library))
        return _install(library, package) if package else f"there is no {library!r}"
    for name, pattern in _BY_OTHER_WORDS.items():
        if pattern.search(line):
            return _install(name, _PACKAGES[name])
    for pattern in (*_NO_PROGRAM, _NO_HEADER, *_NOT_ALWAYS):
        found = pattern.search(line)
        if not found:
            continue
        is_header = pattern is _NO_HEADER
        name = found[1] if is_header else _TRIPLET.sub("", found[1].rpartition("/")[2])
        if name in _PACKAGES:
            return _install(name, _PACKAGES[name])
        if name in _NOT_OF_DEBIAN:
            return f"there is no {name}: {_NOT_OF_DEBIAN[name]}"
        if is_header or (pattern in _NO_PROGRAM and "/" not in found[1]):
            # The build may have made it up: a name is all that it gets to say in our line.
            return f"there is no {name!r}"
    return ""


def _library(line: str) -> str:
    if found := _NO_LIBRARY.search(line):
        return found[1]
    return next((name for name, said in _LIBRARY_BY_OTHER_WORDS.items() if said.search(line)), "")


def _install(name: str, package: str) -> str:
    return f"there is no {name}: install {package} on the server by apt"
