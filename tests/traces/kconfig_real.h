#pragma once
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <sstream>

#include "tests/tools/binary.h"
#include "traces/kconfig_solve.h"

// Rows of a kernel against the Kconfig files that they are of.
namespace hmm {

using KconfigValues = std::map<std::string, bool>;

// The tree of a kernel that has them, empty if none is here. HMM_KERNEL_TREE names trees.
inline std::string kconfig_tree(const std::string& kernel) {
  std::vector<std::string> trees;
  if (const char* paths = std::getenv("HMM_KERNEL_TREE")) {
    std::istringstream in(paths);
    for (std::string path; std::getline(in, path, ':');)
      if (path.ends_with(kernel)) trees.push_back(path);
  }
  for (const char* folder : {"/build/kernel/", "/build/kernel/full/"})
    trees.push_back(HMM_SOURCE_DIR + std::string(folder) + kernel);
  for (const auto& tree : trees)
    if (std::filesystem::exists(tree + "/scripts/Kconfig.include")) return tree;
  return {};
}

inline bool skips_kconfig(const std::string& kernel, const std::string& how) {
  const char* ci = std::getenv("CI");
  const bool must = ci != nullptr && std::string_view(ci) == "true";
  if (kconfig_tree(kernel).empty()) {
    if (must) FAIL("no Kconfig files of " << kernel << ": " << how);
    std::cout << "skipped for want of Kconfig files of " << kernel << ": " << how << "\n";
    return true;
  }
  if (shell("PATH=/usr/bin:/bin python3 -c 'import kconfiglib'").code == 0) return false;
  if (must) FAIL("no kconfiglib: tools/setup python3-kconfiglib");
  std::cout << "skipped for want of kconfiglib: tools/setup python3-kconfiglib\n";
  return true;
}

// What Kconfig makes of each of these sets of answers.
inline std::vector<KconfigValues> real_values(const KconfigFile& file,
                                              const std::vector<KconfigValues>& sets) {
  const Folder folder;
  std::string text, names;
  for (const KconfigValues& set : sets) {
    for (const auto& [symbol, value] : set) text += print(KconfigValue{symbol, value}) + " ";
    text += "\n";
  }
  for (const auto& name : file.symbol_names()) names += " " + name;
  folder.file("answers", text);
  const Ran ran =
      shell("PATH=/usr/bin:/bin python3 " HMM_SOURCE_DIR "/tests/traces/kconfig_values.py " +
            kconfig_tree(file.name) + names + " <" + (folder / "answers"));
  INFO(ran.out.substr(0, 2000));
  REQUIRE(ran.code == 0);
  std::vector<KconfigValues> all;
  std::istringstream in(ran.out);
  for (std::string line; std::getline(in, line);) {
    KconfigValues& values = all.emplace_back();
    std::istringstream words(line);
    for (std::string word; words >> word;)
      values[word.substr(0, word.size() - 2)] = word.back() == 'y';
    for (const auto& name : file.symbol_names())
      if (!values.contains(name)) FAIL("no " << name << " in " << file.name << " (" << line << ")");
  }
  REQUIRE(all.size() == sets.size());
  return all;
}

class KconfigComparison {
 public:
  explicit KconfigComparison(const std::string& kernel)
      : file_(load_kconfig(kernel)), rules_(file_) {
    for (const auto& [name, symbol] : file_.symbols) {
      names_.push_back(name);
      if (!symbol.prompt.is(false)) prompts_.push_back(name);
    }
  }

  void run(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      draw_answers({});
      draw_few();
    }
    draw_what_tells_apart();
    std::vector<KconfigValues> sets;
    for (const Case& c : cases_) sets.push_back(c.answers);
    const auto real = real_values(file_, sets);
    for (std::size_t i = 0; i < cases_.size(); ++i) compare(cases_[i], real[i]);
    compare_with_a_part_less(real);
    std::cout << file_.name << ": " << cases_.size() << " sets of answers, " << consistent_
              << " consistent, " << impossible_ << " impossible few\n";
    // Else it is about nothing.
    CHECK(consistent_ > count);
    CHECK(cases_.size() - consistent_ > count / 2);
    CHECK(impossible_ > count / 10);
  }

 private:
  struct Case {
    KconfigValues answers;     // to every prompt
    KconfigValues expected;    // of every symbol; empty: not known beforehand
    KconfigValues impossible;  // what is not to come out so
  };

  static std::vector<KconfigValue> as_asked(const KconfigValues& values) {
    std::vector<KconfigValue> asked;
    for (const auto& [symbol, value] : values) asked.push_back({symbol, value});
    return asked;
  }
  static bool has(const KconfigValues& all, const KconfigValues& some) {
    return std::all_of(some.begin(), some.end(),
                       [&](const auto& one) { return all.at(one.first) == one.second; });
  }
  unsigned draw(std::size_t below) { return static_cast<unsigned>(random_() % below); }

  void draw_answers(const KconfigValues& fixed) {
    Case c;
    const unsigned tenths = 3 + 3 * draw(3);
    for (const auto& name : prompts_) c.answers[name] = draw(10) < tenths;
    for (const auto& [name, value] : fixed)
      if (c.answers.contains(name)) c.answers[name] = value;
    c.impossible = fixed;
    cases_.push_back(std::move(c));
  }
  // A few symbols; if they can be, a configuration that has them, and two that differ in one
  // answer.
  void draw_few() {
    KconfigValues few;
    for (unsigned n = 1 + draw(4); n > 0; --n) few[names_[draw(names_.size())]] = draw(2) == 1;
    const auto found = rules_.configure(as_asked(few), true);
    if (!found) {
      ++impossible_;
      for (int i = 0; i < 3; ++i) draw_answers(few);
      return;
    }
    CHECK(has(*found, few));
    Case c{{}, *found, {}};
    for (const auto& name : prompts_) c.answers[name] = found->at(name);
    cases_.push_back(c);
    for (int i = 0; i < 2; ++i) {
      Case other{c.answers, {}, {}};
      bool& value = other.answers[prompts_[draw(prompts_.size())]];
      value = !value;
      cases_.push_back(std::move(other));
    }
  }
  void compare(const Case& c, const KconfigValues& real) {
    std::string differ;
    for (const auto& [name, value] : c.expected)
      if (real.at(name) != value) differ += " " + print(KconfigValue{name, real.at(name)});
    std::string answers;
    for (const auto& [name, value] : c.answers)
      if (value) answers += " " + name;
    INFO(file_.name << " with" << answers);
    CHECK(differ == "");
    const bool is_as_asked = has(real, c.answers);
    CHECK(rules_.configure(as_asked(c.answers), true).has_value() == is_as_asked);
    if (!rules_.configure(as_asked(real), true))
      for (const auto& reason : rules_.conflict(as_asked(real)).because) UNSCOPED_INFO(reason);
    CHECK(rules_.configure(as_asked(real), true).has_value());
    if (!c.impossible.empty()) CHECK_FALSE(has(real, c.impossible));
    consistent_ += is_as_asked ? 1 : 0;
  }

  // Whether rows that are otherwise would have been noticed.
  bool is_seen(const KconfigRules& other, const std::vector<KconfigValues>& real) const {
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const auto& answers = cases_[i].answers;
      if (!other.configure(as_asked(real[i]), true)) return true;
      if (other.configure(as_asked(answers), true).has_value() != has(real[i], answers))
        return true;
    }
    return false;
  }
  // The rows without one dependency, default, prompt or selection each, and what is left out.
  std::vector<std::pair<std::string, KconfigFile>> with_a_part_less() const {
    std::vector<std::pair<std::string, KconfigFile>> out;
    const auto add = [&](const std::string& what) -> KconfigFile& {
      return out.emplace_back(what, file_).second;
    };
    for (const auto& [name, symbol] : file_.symbols) {
      for (std::size_t i = 0; i < symbol.depends.size(); ++i)
        add(name + " depends on " + print(symbol.depends[i])).symbols[name].depends[i] =
            KconfigExpr::constant(true);
      for (std::size_t i = 0; i < symbol.selects.size(); ++i)
        add(name + " selects " + symbol.selects[i].symbol).symbols[name].selects[i].when =
            KconfigExpr::constant(false);
      if (!symbol.value.is(false))
        add(name + "'s default").symbols[name].value = KconfigExpr::constant(false);
      if (!symbol.prompt.is(false))
        add(name + "'s prompt").symbols[name].prompt = KconfigExpr::constant(false);
    }
    return out;
  }
  // An answer that tells each of those from the rows, where one does.
  void draw_what_tells_apart() {
    for (const auto& [what, file] : with_a_part_less()) {
      const KconfigRules other(file);
      auto found = rules_.one_outside(other, true);
      if (!found) found = other.one_outside(rules_, true);
      if (!found) continue;
      Case c;
      for (const auto& name : prompts_) c.answers[name] = found->at(name);
      cases_.push_back(std::move(c));
    }
  }
  // Each is noticed, or says the same without that part.
  void compare_with_a_part_less(const std::vector<KconfigValues>& real) {
    std::size_t seen = 0, same = 0;
    for (const auto& [what, file] : with_a_part_less()) {
      INFO(file_.name << " without " << what);
      const KconfigRules other(file);
      const bool is_same = !rules_.one_outside(other, true) && !other.one_outside(rules_, true);
      CHECK(is_seen(other, real) == !is_same);
      ++(is_same ? same : seen);
    }
    std::cout << file_.name << ": rows without a part: " << seen << " are noticed, " << same
              << " say the same\n";
    CHECK(seen > same);
  }

  KconfigFile file_;
  KconfigRules rules_;
  std::vector<std::string> names_, prompts_;
  std::vector<Case> cases_;
  std::mt19937 random_{1};
  std::size_t consistent_ = 0, impossible_ = 0;
};

}  // namespace hmm
