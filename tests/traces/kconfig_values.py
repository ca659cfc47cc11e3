# What Kconfig itself makes of answers: kconfig_values.py TREE SYMBOL... reads sets of answers, one
# a line (`A=y B=n`), and prints the values of the symbols after each, in the same form. What is
# asked beside them is answered n, and a symbol that the tree has not is left out.
import os
import re
import sys

import kconfiglib

tree, symbols = os.path.abspath(sys.argv[1]), sys.argv[2:]
os.chdir(tree)
os.environ.update(srctree=tree, SRCARCH="x86", ARCH="x86", KERNELVERSION="", CC="gcc", HOSTCC="gcc",
                  HOSTCXX="g++", LD="ld", NM="nm", OBJCOPY="objcopy", AR="ar", RUSTC="rustc",
                  BINDGEN="bindgen", PAHOLE="pahole", CC_VERSION_TEXT="gcc", RUSTC_VERSION_TEXT="")


def as_kconfiglib_14(line):
    """What came later: `modules`, `transitional` of what has gone, and `depends on A if B`."""
    if line.strip() in ("modules", "transitional"):
        return ""
    return re.sub(r"^(\s+depends on )([^#]*) if ([A-Z0-9_!&|() ]+)$", r"\1(\2) || !(\3)", line)


class Lines:
    def __init__(self, lines):
        self.lines = iter([as_kconfiglib_14(line) for line in lines])

    def readline(self):
        return next((line for line in self.lines if line), "")

    def close(self):
        pass


class Kconfig(kconfiglib.Kconfig):
    def _open(self, filename, mode):
        file = super()._open(filename, mode)
        if mode != "r" or "Kconfig" not in os.path.basename(filename):
            return file
        with file:
            return Lines(file.readlines())


def answer(symbol, value):
    symbol.set_value(value)
    # The member of a choice that is not wanted is so because another is.
    if symbol.choice and value == 0:
        for other in symbol.choice.syms:
            if other is not symbol:
                other.set_value(2)


kconfig = Kconfig("Kconfig", warn=False)
for symbol in kconfig.unique_defined_syms:
    if symbol.orig_type in (kconfiglib.BOOL, kconfiglib.TRISTATE):
        symbol.set_value(0)
known = [name for name in symbols if name in kconfig.syms and kconfig.syms[name].nodes]
for line in sys.stdin:
    for text in line.split():
        name, value = text.split("=")
        answer(kconfig.syms[name], 2 if value == "y" else 0)
    print(*(f"{name}={kconfig.syms[name].str_value or 'n'}" for name in known))
