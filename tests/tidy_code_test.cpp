// How tests/tidy_code.h reads C++, and what tests/tidy.h finds by it.
#include <catch2/catch.hpp>

#include "tests/tidy.h"

namespace hmm::tidy {
namespace {

// "f 1+3, S::g 5+2" of the functions of a text: their first lines and lengths.
std::string functions(const std::string& text) {
  std::string said;
  for (const Function& f : functions_of(text))
    said += (said.empty() ? "" : ", ") + f.name + " " + std::to_string(f.line) + "+" +
            std::to_string(f.length);
  return said;
}

std::string lines(unsigned n) {
  std::string text;
  for (unsigned i = 0; i < n; ++i) text += "  x();\n";
  return text;
}

}  // namespace

TEST_CASE("comments and literals are no code") {
  CHECK(code_of("a // {\nb") == "a     \nb");
  CHECK(code_of("f(\"}\\\"{\", '{', '\\'')") == "f(      ,    ,     )");
  CHECK(code_of("R\"x(\n})\" )x\" + 400'000 + '}'") == "    \n        + 400'000 +    ");
  CHECK(code_of("\"open") == "     ");
  CHECK(code_of("// open") == "       ");
}

TEST_CASE("a function is found with its length") {
  CHECK(functions("int f() {\n  return 1;\n}\n") == "f 1+3");
  CHECK(functions("namespace hmm {\nstatic int f(int a,\n             int b) {\n}\n}\n") ==
        "f 2+3");
  CHECK(functions("template <class S>\nbool Explorer<S, T>::run(int x) const {\n}\n") ==
        "Explorer<S, T>::run 2+2");
  CHECK(functions("auto f() -> std::vector<int> {\n}\n") == "f 1+2");
  CHECK(functions("int f() {}\nint g() {\n}\n") == "f 1+1, g 2+2");
}

TEST_CASE("functions of classes are functions, and classes are not") {
  CHECK(functions(
            "struct S {\n  S()\n      : a_{1},\n        b_(2) {\n  }\n  int g() const noexcept {\n"
            "  }\n private:\n  int a_{1}, b_;\n};\n") == "S 2+4, g 6+2");
  CHECK(functions("enum class E : int {\n  a,\n};\nnamespace {\n}  // namespace\n") == "");
}

TEST_CASE("what a function holds is part of it") {
  CHECK(functions("int f() {\n  for (;;) {\n  }\n  const auto g = [] {\n    if (x) {\n    }\n  };\n"
                  "  struct S {\n    int h() {\n    }\n  };\n}\n") == "f 1+12");
}

TEST_CASE("a table is no function; a lambda in it is one") {
  CHECK(functions(
            "constexpr std::array kRows{\n    Row{1, {2}},\n    Row{f(3),\n        4},\n};\n") ==
        "");
  CHECK(functions("const auto table = {\n    1,\n    [](int x) {\n      return x;\n    },\n};\n")
            .ends_with(" 3+3"));
  CHECK(functions("const auto f = [] {\n};\n").ends_with(" 1+2"));
}

TEST_CASE("a function that is too long is found") {
  CHECK(long_functions({"a.h", "void f() {\n" + lines(58) + "}\n"}).empty());
  const auto found = long_functions({"a.h", "\nvoid f() {\n" + lines(59) + "}\n"});
  REQUIRE(found.size() == 1);
  CHECK(found[0].place == "a.h: f");
  CHECK(found[0].finding == "a.h:2: f() has 61 lines");
}

TEST_CASE("a default of a switch is found") {
  const std::string in_switch = "switch (e) {\n    case E::a:\n    default:\n      return 1;\n  }";
  const auto found = defaults({"a.h", "int g() {\n}\nint f(E e) {\n  " + in_switch + "\n}\n"});
  REQUIRE(found.size() == 1);
  CHECK(found[0].place == "a.h: f");
  CHECK(found[0].finding == "a.h:6: default: in f()");
  CHECK(defaults({"a.h",
                  "S() = default;\nint x = by_default ? is_default : a;\n"
                  "// default:\nconst char* s = \"default: 1\";\n"})
            .empty());
}

TEST_CASE("a list of excuses only gets shorter") {
  const std::vector<Offence> two{{"a.h: f", "a.h:1: f"}, {"a.h: f", "a.h:9: f"}};
  CHECK(not_excused(two, {}) == Findings{"a.h:1: f", "a.h:9: f"});
  CHECK(not_excused(two, {"a.h: f"}) == Findings{"a.h:9: f"});
  CHECK(not_excused(two, {"a.h: f", "a.h: f"}).empty());
  CHECK(not_excused({}, {"a.h: f"}) == Findings{"a.h: f: take it off the list"});
}

}  // namespace hmm::tidy
