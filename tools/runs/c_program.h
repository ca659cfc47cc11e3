#pragma once
#include <string>

#include "traces/recording.h"

namespace hmm {

// A trace of calls as a C program of its own, with what a kernel has to say to each: it is compiled
// with `gcc -static -I LINUX`, of a tree that has lib/test_hmm_uapi.h, and run as root where
// CONFIG_TEST_HMM is on. It prints each call with its result; its exit code is 1 if all were as the
// trace says and 0 if not, as `git bisect run` takes it for a defect. No call of the trace is held.
std::string c_program(const RecordedTrace& trace);

// What it makes of a call.
struct COfCall {
  std::string name;     // `dwrite`
  std::string written;  // `call_dwrite(0, 2, 3, 5)`
};
COfCall c_of(const Call& call);
// Whether tools/kernel/repro has a section for the call of that name.
bool is_written_in_c(const std::string& name);

}  // namespace hmm
