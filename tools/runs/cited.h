#pragma once
#include <cstdint>
#include <span>
#include <string_view>

// Where functions of the kernel are cited in this project, as the program was built
// (tools/cited/main.cpp writes the tables from the sources).
namespace hmm {

enum class CitedBy { step, shared, call, property, kernel, bug, patch, defect, run };

// A function of the kernel in a comment, or in what a TOML file says.
struct Cite {
  std::string_view function, file;  // of the kernel; no file if only the function is named
  CitedBy by;
  // A step, a property, a switch, the id of a bug or a patch; else the file.
  std::string_view name;
  std::string_view word;   // of the guard or effect of a step that it stands beside
  std::string_view place;  // file:line
};
std::span<const Cite> cites();

// A bug or a patch, and a switch, a step or a rule `STEP.WORD` that it is made of.
struct MadeOf {
  CitedBy by;
  std::string_view id, of;
};
std::span<const MadeOf> made_of();

// A bug or a patch, and the promises that it breaks or mends, separated by `, `.
struct KeptHistory {
  CitedBy by;
  std::string_view id, title, promises;
};
std::span<const KeptHistory> kept_history();

// Of a recording, the calls that are held at the function; or that take the step.
struct RecordedAt {
  std::string_view recording, name;
  std::uint64_t calls;
};
std::span<const RecordedAt> recorded_held();
std::span<const RecordedAt> recorded_steps();

}  // namespace hmm
