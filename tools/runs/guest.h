#pragma once
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "traces/recording.h"

// A real kernel in QEMU, that makes the calls of traces: images of tools/kernel/build.
namespace hmm {

// How the kernel came through a trace.
enum class Driven {
  whole,
  oops,         // it died of the trace's last call
  hangs,        // that call did not come back
  died_at_end,  // it died, or did not come back, after the last call
};

// In a note of a call that was to be held where no call can be.
inline constexpr std::string_view kNotHeld = ": not held ";

struct DrivenTrace {
  // What came back and was seen, as a recording has it; the last call of one that was not driven to
  // its end is the call that ended it.
  RecordedTrace trace;
  Driven how = Driven::whole;
  std::string console;  // what the kernel said, from the first line of trouble on; empty if none
  std::vector<std::string> notes{};  // why a call was not held as it was to be
};

// Files of a guest, by name: `hmm.gcda`.
using GuestFiles = std::map<std::string, std::string>;

// Where the two coherent devices of the test driver have their memory, 256 MB each, as its
// parameters say it: a guest has 512 MB from 0x40000000 on that is nobody's.
struct DeviceMemory {
  std::string dev0 = "0x40000000", dev1 = "0x50000000";
};

struct GuestOptions {
  std::string image;         // a folder of tools/kernel/build
  double call_seconds = 20;  // after which a call hangs
  double boot_seconds = 60;
  // Who is first depends on nothing but the calls where there is one.
  unsigned cpus = 1;
  std::stop_token stop;
  DeviceMemory device_memory;
  // Put into the guest beside its own, for its lines to run.
  GuestFiles programs;
  // Called as traces come back.
  std::function<void(std::size_t traces)> progress;
  // If it is there, it is given what each kernel that came to its end counted of itself
  // (tools/kernel/build --gcov).
  std::function<void(const GuestFiles&)> counted;
};

// A boot.
struct GuestRun {
  std::string results;  // what it said, without its files
  std::string console;
  GuestFiles files;
  bool is_silent = false;  // it was killed for that
};

// The folder of the image of that name, of `kernel/images` beside this program.
std::string image_named(const std::string& name);
// What is missing to boot it; empty if nothing is.
std::string missing_for_guest(const std::string& image);

// One boot of a kernel whose program is given these lines (tools/kernel/agent/main.cpp). Throws
// std::runtime_error if it does not come up.
GuestRun run_guest(const std::string& lines, const GuestOptions& options);

// Takes the files out of what a guest said.
GuestFiles take_files(std::string& results);

// What a guest's results say, which end in "all" if it came to its end; `hangs` if it was killed
// for its silence. The console is whose trouble is told of the last trace.
std::vector<DrivenTrace> read_results(std::string results, const std::string& console, bool hangs);

// Drives the traces in their order, each once. After one that the kernel died of, a fresh kernel
// goes on. Fewer come back if it is told to stop. Throws std::runtime_error for a kernel that does
// not come up.
std::vector<DrivenTrace> drive(const std::vector<RecordedTrace>& traces,
                               const GuestOptions& options);
// The same of one kernel, which ends with the first trace that it does not come through.
std::vector<DrivenTrace> drive_one(const std::vector<RecordedTrace>& traces, GuestOptions options);

}  // namespace hmm
