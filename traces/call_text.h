#pragma once
#include <string>

#include "model/calls/calls.h"
#include "traces/recording_line.h"

// Calls and their results as text, as their rows and arguments say.
namespace hmm {

// The words after the process: a name and arguments.
Call take_call(Line& line);
std::string print(const Call& call);
// The name and what stands for the arguments: `dwrite D R V`.
std::string usage_of(const Call& call);

// What follows the arrow: what a call of this kind can come back with.
CallResult take_result(Line& line, const Call& call);

// Where a call is held, `at FUNCTION` or `after FUNCTION`, as a result names it, which only looks
// at the text: it stays.
std::string_view kept_place(std::string_view when, std::string_view function);

// The table of calls in traces/recordings/FORMAT.md, line by line.
std::string calls_table();

}  // namespace hmm
