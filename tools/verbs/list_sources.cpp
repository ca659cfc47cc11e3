#include "tools/verbs/list_sources.h"

#include <fmt/format.h>

#include <map>

#include "tools/runs/output.h"
#include "tools/runs/report.h"
#include "traces/input.h"
#include "traces/source_rows.h"

namespace hmm {
namespace {

Json json_of(const SourceRow& row) {
  Json commands = Json::array();
  for (const auto& command : row.works)
    commands.push_back({{"run", command.run}, {"exit", command.exit}, {"prints", command.prints}});
  return {{"kind", "source"},
          {"id", row.id},
          {"source", row.source},
          {"says", row.says},
          {"kernels", row.kernels},
          {"steps", row.steps},
          {"promises", row.promises},
          {"switches", row.switches},
          {"recordings", row.recordings},
          {"verdict", row.verdict()},
          {"works", commands},
          {"missing", row.missing},
          {"refused", row.refused}};
}

// Names of one kind, in a line of their own.
void add_names(std::string& text, std::string_view kind, const std::vector<std::string>& names) {
  if (!names.empty()) text += fmt::format("       {}: {}\n", kind, joined(names));
}

std::string text_of(const SourceRow& row) {
  std::string text = fmt::format("{}  {:<8} {}\n", row.id, row.verdict(), row.says);
  add_names(text, "kernels", row.kernels);
  add_names(text, "steps", row.steps);
  add_names(text, "promises", row.promises);
  add_names(text, "switches", row.switches);
  add_names(text, "recordings", row.recordings);
  for (const auto& command : row.works)
    text += fmt::format("       `hmmcheck {}` exits {} and prints `{}`\n", command.run,
                        command.exit, command.prints);
  if (!row.missing.empty()) text += fmt::format("       missing: {}\n", row.missing);
  if (!row.refused.empty()) text += fmt::format("       refused: {}\n", row.refused);
  return text;
}

}  // namespace

void list_sources(bool json) {
  std::map<std::string_view, unsigned> counts;
  std::string source;
  unsigned rows = 0;
  for (const SourceRow& row : source_rows()) {
    ++rows;
    ++counts[row.verdict()];
    if (json) {
      print(json_of(row).dump() + "\n");
      continue;
    }
    if (row.source != source) print(row.title + "\n");
    source = row.source;
    print(text_of(row));
  }
  if (json)
    print(Json{{"kind", "sources"},
               {"rows", rows},
               {"works", counts["works"]},
               {"refused", counts["refused"]},
               {"missing", counts["missing"]}}
              .dump() +
          "\n");
  else
    print(fmt::format("sources: {} rows, {} work, {} refused, {} missing\n", rows, counts["works"],
                      counts["refused"], counts["missing"]));
}

}  // namespace hmm
