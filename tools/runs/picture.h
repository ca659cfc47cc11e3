#pragma once
#include <string>
#include <vector>

#include "tools/runs/broken.h"
#include "traces/conform.h"
#include "traces/lanes.h"
#include "traces/trace_table.h"

// A run as a page to look at: a sequence chart, and beside it the page tables and frames of each
// state.
namespace hmm {

struct Picture {
  // A call of a recording: the lines of its steps, and what the kernel and the model showed after
  // the last of them.
  struct Call {
    std::size_t first = 0, last = 0;
    std::string says;
    std::vector<Compared> seen;
  };
  std::string title;
  std::vector<std::string> story;  // a paragraph each
  Scope scope;
  TraceTable table;                             // of all rows
  std::vector<std::vector<BrokenRows>> broken;  // by line of the table; what is beyond breaks none
  std::vector<Call> calls;                      // none of a trace of steps
  std::string controls;                         // HTML, below the head; may be empty
};

// The largest that is drawn: boxes for ptes, frames and device ptes, and states. A recording fits.
inline constexpr std::size_t kDrawnBoxes = 128, kDrawnStates = 1000;
// Throws InputError, which names the file, for what is larger.
void require_drawable(const std::string& file, const Scope& scope, std::size_t states);

// Of a run from `start`, by a machine of its scope; every state is judged.
Picture picture_of_run(JudgedMachine& machine, const Profile& k, const Leaves& start,
                       const PlainSteps& steps, PropertySet wanted);
// Of a recorded trace as the model makes its calls, up to the first difference.
Picture picture_of_recording(const std::string& source, const RecordedTrace& trace,
                             const ConformOptions& options);

// One page that needs nothing beside it: its script only shows one state at a time and goes from
// one to another, without which all stand one below the other, as in print.
std::string html_of(const Picture& picture);

}  // namespace hmm
