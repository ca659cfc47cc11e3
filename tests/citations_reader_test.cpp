// How tools/runs/citations.h reads.
#include <catch2/catch.hpp>

#include "tools/runs/citations.h"

namespace hmm {

namespace {

// "6.1 mm/hmm.c f(), lib/test_hmm.c" of all that a text cites.
std::string cited(const std::string& text) {
  std::string said;
  for (const Citation& c : citations(text)) {
    said += (said.empty() ? "" : ", ") + c.version + (c.version.empty() ? "" : " ") + c.file;
    if (!c.function.empty()) said += " " + c.function + "()";
  }
  return said;
}

}  // namespace

TEST_CASE("citations are read across lines, lists and literals") {
  CHECK(cited("// Kernel: mm/memory.c f(): one step.\n") == "mm/memory.c f()");
  CHECK(cited("// Kernel: mm/gup.c\n  // f(), g_h() and i().\n") ==
        "mm/gup.c f(), mm/gup.c g_h(), mm/gup.c i()");
  CHECK(cited("# mm/hmm.c f() and lib/test_hmm.c\n# g(), and\n# h()\nx = true\n") ==
        "mm/hmm.c f(), lib/test_hmm.c g(), lib/test_hmm.c h()");
  CHECK(cited("{\"x\", \"4.14 mm/hmm.c \"\n   \"f(), lib/test_hmm.c g()\"}") ==
        "4.14 mm/hmm.c f(), lib/test_hmm.c g()");
  CHECK(cited("see `mm/memory.c:4231`\n`f()`; g() is another") == "mm/memory.c f()");
}

TEST_CASE("functions may be named before their file") {
  CHECK(cited("the reference that f() in mm/memory.c holds") == "mm/memory.c f()");
  CHECK(cited("f() calls g(), h() and\ni() of mm/memory.c.") ==
        "mm/memory.c g(), mm/memory.c h(), mm/memory.c i()");
  CHECK(cited("`f()` (`mm/memory.c`)") == "mm/memory.c f()");
  CHECK(cited("f() in mm/memory.c g()") == "mm/memory.c f(), mm/memory.c g()");
}

TEST_CASE("a file alone is a citation, and what another sentence says is not of it") {
  CHECK(cited("the locks of mm/memory.c, and f(x) calls g()") == "mm/memory.c");
  CHECK(cited("As in Documentation/mm/hmm.rst. f() is a driver's.") == "Documentation/mm/hmm.rst");
  CHECK(cited("# mm/memory.c\n\n# f() is another matter\n") == "mm/memory.c");
  CHECK(cited("#include \"model/page.h\"\n#include <fmt/format.h>\nf()") == "");
}

TEST_CASE("a version is of the file that it stands before") {
  CHECK(cited("6.12 mm/hmm.c f(), g()") == "6.12 mm/hmm.c f(), 6.12 mm/hmm.c g()");
  CHECK(cited("(6.1 f() in mm/hmm.c)") == "6.1 mm/hmm.c f()");
  CHECK(cited("since v4.14 mm/hmm.c") == "mm/hmm.c");
  CHECK(cited("of 512 mm/hmm.c") == "mm/hmm.c");
}

TEST_CASE("a citation that does not resolve is found") {
  const auto source = called_names("int do_swap_page(struct vm_fault *vmf)\n{ unlock_page(p); }\n");
  CHECK(unresolved({"", "mm/memory.c", "do_swap_page"}, source) == std::nullopt);
  CHECK(unresolved({"", "mm/memory.c", "unlock_page"}, source) == std::nullopt);
  CHECK(unresolved({"", "mm/memory.c", ""}, source) == std::nullopt);
  CHECK(unresolved({"", "mm/memory.c", "swap_page"}, source) == "no swap_page() in mm/memory.c");
  CHECK(unresolved({"", "mm/memory.c", "vmf"}, source) == "no vmf() in mm/memory.c");
  CHECK(unresolved({"", "mm/memory.c", "f"}, std::nullopt) == "no file mm/memory.c");
  CHECK(unresolved({"", "mm/memory.c", ""}, std::nullopt) == "no file mm/memory.c");
}

TEST_CASE("a kernel tree says its version") {
  CHECK(kernel_version("# SPDX\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 1\n") == "6.12");
  CHECK(kernel_version("all:\n") == "");
}

}  // namespace hmm
