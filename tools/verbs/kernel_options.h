#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/runs/guest.h"
#include "tools/verbs/options.h"

// What the verbs of `hmmcheck kernel` share.
namespace hmm {

struct KernelOptions : KernelChanges {
  std::string kernel, profile, calls, out = "-", file, folder, test_name;
  std::uint64_t seed = 1;
  std::size_t traces = 0, trace = 1;
  unsigned length = 20;
  bool holds = false;  // some of the drawn calls, while others overtake them
  double call_seconds = 20;
  std::optional<double> seconds;
};

// Adds a verb that sets the exit code.
CLI::App* add_verb(CLI::App& kernel, const std::string& name, const std::string& help,
                   const std::shared_ptr<KernelOptions>& o, int& exit_code,
                   int (*run)(const KernelOptions&));
// --kernel, --call-seconds and --seconds.
void add_guest_to(CLI::App& verb, KernelOptions& o);
// --calls and --traces.
void add_traces_to(CLI::App& verb, KernelOptions& o);
// What drawn traces depend on.
void add_draws_to(CLI::App& verb, KernelOptions& o);

// Nothing, and a warning, where there is no such kernel.
std::optional<GuestOptions> guest_of(const KernelOptions& o);
// Those of a recording, whatever it says came of them, or drawn ones. Throws InputError.
std::vector<RecordedTrace> traces_to_drive(const KernelOptions& o);

// Adds `drive`.
void add_kernel_drive(CLI::App& kernel, int& exit_code);
// Adds `suite`, `beyond` and `coverage`.
void add_kernel_suite(CLI::App& kernel, int& exit_code);

}  // namespace hmm
