#pragma once
#include "tools/runs/diff_ends.h"
#include "tools/runs/kernel_diff.h"
#include "tools/runs/report.h"

// What a comparison of two kernels came to, a row of a report each. Their texts leave out the
// traces.
namespace hmm {

// The shortest run, and what its last step does in either kernel.
std::string trace_of(const FoundDifference& found, const Profile& a, const Profile& b);

ReportRow row_of_difference(const FoundDifference& found, const Profile& a, const Profile& b);
// `options_b`: the second kernel, as options of another verb.
ReportRow row_of_proved_only(const ProvedOnly& found, const std::string& options_b);
// Of a promise that breaks in kernel `here`; `says`: what becomes of it from the first to the
// second.
ReportRow row_of_promise(const FoundBroken& broken, const Profile& here, const char* says);
ReportRow row_of_not_known(const NotKnown& broken, const Profile& here);
ReportRow row_of_ends(const EndsDifference& one);
ReportRow row_of_call(const DifferentCall& call);

}  // namespace hmm
