#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "traces/trace_file.h"
#include "traces/trace_table.h"

// Traces in the Informal Trace Format, the JSON that Apalache and Quint write and read: ADR 015 of
// Apalache.
//
// A variable for each table of the state, a map from its index to a record, or a record where there
// is one row; `step`, the variant that led to the state, or `start`; `verdict`, its own; and
// `violated`, the set of properties that do not hold there. `#meta` has the lines on top of a
// trace.
namespace hmm {

// Properties that are violated, by the number of steps taken.
using ViolatedAt = std::vector<std::vector<std::string>>;

// Of the trace's kernel and scope; its steps are those taken.
std::string print_itf(const TraceFile& trace, const Leaves& start,
                      const std::vector<TakenStep>& steps, const ViolatedAt& violated);

// JSON, which no other trace is.
bool is_itf(std::string_view text);

// A line as of a trace, with the number of the one that it comes from.
struct NumberedLine {
  unsigned number = 0;
  std::string text;
};
// The trace, which expects every row of every state. Throws InputError for what is no ITF of one.
std::vector<NumberedLine> lines_of_itf(std::string_view text, const std::string& path);

}  // namespace hmm
