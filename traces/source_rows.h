#pragma once
#include <string>
#include <string_view>
#include <vector>

// What the sources of HMM state, and what became of it: the rows that `hmmcheck list sources`
// prints, TOML files of traces/sources/, one for each source.
//
//   title = "HMM v16, the cover letter of January 2017"
//   [M-010]
//   says = "..."                 # the statement, in our own words
//   kernels = ["v16", "4.14"]    # those that it is about; of what was announced, none
//   steps = [], promises = [], switches = []   # where the model has it
//   recordings = ["linux-6.12.txt"]            # where a kernel shows it
//   works = [{ run = "explore --scope tiny", exit = 0, prints = "holds" }]
//   missing = "..."              # or what the model lacks for it
//   refused = "..."              # or why it is not to have it
//
// One of the last three. What works does so by commands that a test runs: each exits so, 0 if
// nothing is said, and prints that among other things.
namespace hmm {

struct SourceCommand {
  std::string run;  // without the program
  int exit = 0;
  std::string prints;
};

struct SourceRow {
  std::string id, source, title, says;  // the source by the name of its file
  std::vector<std::string> kernels, steps, promises, switches, recordings;
  std::vector<SourceCommand> works;
  std::string missing, refused;

  std::string_view verdict() const {
    return !works.empty() ? "works" : !missing.empty() ? "missing" : "refused";
  }
};

// Throws InputError for whatever is not such a text. Names of promises and recordings are not
// looked at: traces/ knows none.
std::vector<SourceRow> parse_source_rows(std::string_view text, const std::string& path);
// All of traces/sources/, in the order of the rows.
std::vector<SourceRow> source_rows();

}  // namespace hmm
