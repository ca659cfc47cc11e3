#pragma once
#include <CLI/CLI.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/scopes.h"
#include "properties/engines/check_all.h"
#include "tools/verbs/judged_machine.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"
#include "traces/trace_file.h"

// What the verbs share: options, progress, verdict lists and where a failure is written.
namespace hmm {

using Json = nlohmann::ordered_json;

inline constexpr int kHolds = 0, kViolated = 1, kBadInput = 2, kUndecided = 3;

// --profile, --set, --drop, --scope, --property and the output forms, as every engine takes them.
struct RunOptions {
  std::string profile = "6.12";
  std::vector<std::string> sets, drops;
  std::string scope = "default";
  std::vector<std::string> properties;
  bool json = false, ktap = false;
  std::string junit;
  std::string save = "hmmcheck-failure.trace";
  unsigned threads = 2;

  void add_to(CLI::App& verb, bool with_scope = true);
  // The profile with what --set and --drop say; defects that break properties are off unless it
  // says so. Throws InputError.
  Profile kernel() const;
  // The profile's defects that are off for that reason though the scope could show them, and a
  // line for each. The scope has a name that is known.
  std::vector<std::string> defects_left_out() const;
  void print_left_out() const;
  PropertySet wanted() const;  // throws InputError
  // Throws InputError for what would otherwise come out only once the work is done: properties that
  // do not exist, and files that cannot be written.
  void validate() const;
};

// --drop, as every verb takes it that runs the rules.
void add_drop(CLI::App& verb, std::vector<std::string>& drops);

// For options that count: digits only, where CLI11 takes `-1` for a very large number.
extern const CLI::Validator kCount;

void require_scope(const std::string& name);  // throws InputError

// Calls f.template operator()<S>() for the scope of that name. Throws InputError for no such scope.
template <class F>
void at_scope(const std::string& name, F&& f) {
  require_scope(name);
  with_scope(name, f);
}

std::vector<std::string> names_of_properties(PropertySet set);
std::span<const std::string_view> all_property_names();
std::string_view step_name(std::size_t kind);

// A line on standard error that is rewritten in place; nothing unless that is a terminal, and
// nothing in the first second.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  void show(const std::string& text);

 private:
  std::string what_;
  std::chrono::steady_clock::time_point start_, last_;
  bool shown_ = false;
};

// One verdict of a verb, for people, KTAP and JUnit alike.
struct CheckResult {
  enum class Kind { pass, fail, undecided, skip };
  std::string name;
  Kind kind = Kind::pass;
  std::string detail;
  double seconds = 0;
};
std::string to_ktap(const std::vector<CheckResult>& outcomes);
std::string to_junit(const std::string& suite, const std::vector<CheckResult>& outcomes);
// Prints KTAP if asked for and writes the JUnit file if asked for.
void print_outcomes(const RunOptions& o, const std::string& suite,
                    const std::vector<CheckResult>& outcomes);
int exit_code_of(const std::vector<CheckResult>& outcomes);

// Writes the whole file or nothing: a temporary beside it, renamed.
void write_file(const std::string& path, const std::string& text);

std::string grouped(std::uint64_t n);  // 1,234,567

}  // namespace hmm
