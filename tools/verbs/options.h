#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "properties/engines/engines.h"
#include "tools/runs/report.h"
#include "tools/runs/stop.h"
#include "traces/trace_file.h"

// The options that verbs have in common, each written once.
namespace hmm {

// Digits only, and of a number that fits, where CLI11 takes `-1` and `1e99` for very large ones.
CLI::Validator count_from(std::uint64_t least, std::uint64_t most = ~std::uint64_t{0});
CLI::Validator seconds_above_zero();

// What is changed of a kernel.
struct KernelChanges {
  std::vector<std::string> sets, drops;
  std::string mutation;
  std::string rules;  // the name of a build of edited ones; empty: this program's own

  // --set, --drop, --mutate and --rules.
  void add_changes_to(CLI::App& verb);
  // Throws InputError, as all of these.
  Profile changed(Profile k) const;
  // ` with owner_filter=0 without zap_pte_range.put_page`, in words.
  std::string changes() const;
};

// Of every verb that runs the model.
struct ModelOptions : KernelChanges {
  std::string profile;  // empty: the verb knows which
  std::vector<std::string> properties;
  std::optional<double> seconds;
  std::optional<std::string> save;

  void add_to(CLI::App& verb, const std::string& of_profile, const std::string& of_save,
              const std::string& save_option = "--save");
  // A trace's kernel, with the profile that --profile puts in the place of the trace's.
  Profile kernel_of(const TraceFile& trace) const;
  PropertySet wanted() const;

  // `6.12 with owner_filter=0, without zap_pte_range.put_page, for no_leak`: which rules a run is
  // of, and which properties are judged; the same as facts.
  std::string said(const Profile& k) const;
  Json facts(const Profile& k) const;
};

// Of the verbs that run an engine at a scope.
struct RunOptions : ModelOptions {
  std::string scope = "default";
  unsigned threads = 2;

  RunOptions() { profile = "6.12"; }
  void add_to(CLI::App& verb);
  // The profile with what --set and --drop say; defects that break properties are off unless it
  // says so.
  Profile kernel() const;
  // Throws InputError if the engine is not built for the scope, in the text that --rules names.
  void require(Engine engine) const;
  // What --set, --drop and --mutate change of that profile, one by one.
  std::vector<Override> overrides() const;
  // A line for each that decided nothing in the run, with the scopes where a short search sees it
  // decide something.
  void say_undecided(const Report& report, const std::vector<std::string>& undecided,
                     const std::string& looked_at, const Stop& stop) const;
  // The profile's defects that are off for that reason though the scope could show them, and a
  // line for each. The scope has a name that is known.
  std::vector<std::string> defects_left_out() const;
  void say_left_out(const Report& report) const;
};

// Throw InputError if there is no such scope, this build does not have it, or the engine is not
// built for it. The option is where the name was given.
void require_scope(const std::string& name, const char* option = "--scope");
void require_scope(const std::string& name, Engine engine, const std::string& rules = {},
                   const char* option = "--scope");

}  // namespace hmm
