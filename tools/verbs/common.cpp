#include "tools/verbs/common.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace hmm {

const CLI::Validator kCount(
    [](const std::string& text) {
      const bool digits = std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
      return digits ? std::string() : "expected a number, found " + text;
    },
    "");

void require_scope(const std::string& name) {
  if (scope_named(name) != nullptr) return;
  std::vector<std::string> names;
  for (const auto& s : kScopes) names.emplace_back(s.name);
  reject({"--scope"}, "one of " + joined(names), name);
}

void add_drop(CLI::App& verb, std::vector<std::string>& drops) {
  verb.add_option("--drop", drops,
                  "a rule of `list steps`: its guard never refuses, its effect does not happen")
      ->allow_extra_args(false);  // a file may follow
}

void RunOptions::add_to(CLI::App& verb, bool with_scope) {
  verb.add_option("--profile", profile, "a shipped profile or a file")->capture_default_str();
  verb.add_option("--set", sets, "a switch of the profile: name=0 or name=1");
  add_drop(verb, drops);
  if (with_scope) verb.add_option("--scope", scope, "see `list scopes`")->capture_default_str();
  verb.add_option("--property", properties, "only these; default: all");
  verb.add_option("--threads", threads, "")->check(CLI::Range(1, 64))->capture_default_str();
  verb.add_option("--save", save, "where a failing trace goes")->capture_default_str();
  verb.add_option("--junit", junit, "write verdicts to a JUnit file");
  verb.add_flag("--json", json, "print JSON, one object a line");
  verb.add_flag("--ktap", ktap, "print verdicts as KTAP");
}

void RunOptions::validate() const {
  wanted();
  for (const auto& file : {junit, save}) {
    if (file.empty()) continue;
    const auto folder = std::filesystem::absolute(file).parent_path();
    if (access(folder.c_str(), W_OK) != 0) reject({file}, "a file that can be written", "none");
  }
}

Profile RunOptions::kernel() const {
  Profile k = without_breaking_defects(load_profile(profile));
  for (const auto& s : sets) set_switch(k, s);
  return without_rules(std::move(k), drops);
}

namespace {

// Has all that the other has of what not every scope has.
bool includes(const Scope& s, const Scope& other) {
  return s.coherent_devices >= other.coherent_devices && s.exclusives >= other.exclusives &&
         s.evictions >= other.evictions && s.migrations >= other.migrations;
}

}  // namespace

std::vector<std::string> RunOptions::defects_left_out() const {
  const Profile named = load_profile(profile), k = kernel();
  std::vector<std::string> out;
  for (const auto& defect : kDefects) {
    const auto at = switch_named(defect.name)->at;
    if (!(named.*at) || k.*at) continue;
    if (includes(scope_named(scope)->scope, scope_named(defect.scope)->scope))
      out.emplace_back(defect.name);
  }
  return out;
}

void RunOptions::print_left_out() const {
  for (const auto& name : defects_left_out())
    fmt::print("known defect {}, left out: see `hmmcheck list defects`, --set {}=1\n", name, name);
}

PropertySet RunOptions::wanted() const {
  if (properties.empty()) return kAllProperties;
  PropertySet set = 0;
  for (const auto& name : properties) {
    std::size_t i = 0;
    while (i < kProperties && kPropertyInfos[i].name != name) ++i;
    if (i == kProperties) reject({"--property"}, "a property of `hmmcheck list properties`", name);
    set |= PropertySet{1} << i;
  }
  return set;
}

std::vector<std::string> names_of_properties(PropertySet set) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kProperties; ++i)
    if ((set >> i & 1) != 0) names.emplace_back(kPropertyInfos[i].name);
  return names;
}

std::span<const std::string_view> all_property_names() {
  static const auto names = [] {
    std::array<std::string_view, kProperties> n{};
    for (std::size_t i = 0; i < kProperties; ++i) n[i] = kPropertyInfos[i].name;
    return n;
  }();
  return names;
}

std::string_view step_name(std::size_t kind) {
  static constexpr auto names = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<std::string_view, kSteps>{
        std::variant_alternative_t<I, Step<Concrete<Scope{}>>>::name...};
  }
  (std::make_index_sequence<kSteps>{});
  return names[kind];
}

Progress::Progress(std::string what)
    : what_(std::move(what)), start_(std::chrono::steady_clock::now()), last_(start_) {}
Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\033[K");
}
void Progress::show(const std::string& text) {
  static const bool terminal = isatty(STDERR_FILENO) != 0;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal || now - start_ < std::chrono::seconds(1) ||
      now - last_ < std::chrono::milliseconds(200))
    return;
  last_ = now;
  shown_ = true;
  fmt::print(stderr, "\r\033[K{}: {}", what_, text);
  std::fflush(stderr);
}

std::string to_ktap(const std::vector<CheckResult>& outcomes) {
  std::string text = fmt::format("KTAP version 1\n1..{}\n", outcomes.size());
  std::size_t n = 0;
  for (const auto& o : outcomes) {
    const bool fine = o.kind == CheckResult::Kind::pass || o.kind == CheckResult::Kind::skip;
    text += fmt::format("{} {} {}{}\n", fine ? "ok" : "not ok", ++n, o.name,
                        o.kind == CheckResult::Kind::skip ? " # SKIP " + o.detail : "");
    if (!fine && !o.detail.empty()) text += fmt::format("# {}\n", o.detail);
  }
  return text;
}

namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string to_junit(const std::string& suite, const std::vector<CheckResult>& outcomes) {
  std::size_t failures = 0, errors = 0, skipped = 0;
  std::string cases;
  for (const auto& o : outcomes) {
    cases += fmt::format("  <testcase name=\"{}\" time=\"{:.3f}\">", escaped(o.name), o.seconds);
    const std::string detail = escaped(o.detail);
    switch (o.kind) {
      case CheckResult::Kind::pass:
        break;
      case CheckResult::Kind::fail:
        ++failures;
        cases += fmt::format("<failure message=\"{}\"/>", detail);
        break;
      case CheckResult::Kind::undecided:
        ++errors;
        cases += fmt::format("<error message=\"{}\"/>", detail);
        break;
      case CheckResult::Kind::skip:
        ++skipped;
        cases += fmt::format("<skipped message=\"{}\"/>", detail);
        break;
    }
    cases += "</testcase>\n";
  }
  return fmt::format(
      "<?xml version=\"1.0\"?>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
      "skipped=\"{}\">\n{}</testsuite>\n",
      escaped(suite), outcomes.size(), failures, errors, skipped, cases);
}

void print_outcomes(const RunOptions& o, const std::string& suite,
                    const std::vector<CheckResult>& outcomes) {
  if (o.ktap) fmt::print("{}", to_ktap(outcomes));
  if (!o.junit.empty()) write_file(o.junit, to_junit(suite, outcomes));
}

int exit_code_of(const std::vector<CheckResult>& outcomes) {
  int code = kHolds;
  for (const auto& o : outcomes) {
    if (o.kind == CheckResult::Kind::fail) return kViolated;
    if (o.kind == CheckResult::Kind::undecided) code = kUndecided;
  }
  return code;
}

void write_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".part";
  {
    std::ofstream out(temporary, std::ios::binary);
    out << text;
    if (!out.flush()) {
      std::error_code ignored;
      std::filesystem::remove(temporary, ignored);
      reject({path}, "a file that can be written", "none");
    }
  }
  std::filesystem::rename(temporary, path);
}

std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, ",");
  return text;
}

}  // namespace hmm
