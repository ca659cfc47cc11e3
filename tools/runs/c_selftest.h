#pragma once
#include <string>
#include <string_view>

#include "traces/recording.h"

namespace hmm {

// A trace of calls as a test of the kernel's own suite, tools/testing/selftests/mm/hmm-tests.c: a
// TEST_F of that name, to be put behind the others. It runs on the kind of device that the trace
// has and is skipped on the other. Throws std::invalid_argument, with what was expected and found,
// for a trace that such a test cannot be of: of two processes, of devices of both kinds, or in
// which a load or store comes to a signal.
std::string c_selftest(const RecordedTrace& trace, std::string_view name);

// The ioctls of the test driver as syzkaller describes them (sys/linux/dev_hmm_dmirror.txt), of the
// table of calls.
std::string syzlang();

}  // namespace hmm
