// hmm_cited ROOT OUT: writes the .cpp that defines what tools/runs/cited.h declares, from the
// sources at ROOT. An unchanged file keeps its time.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>

#include "tools/cited/gather.h"

namespace hmm::cited {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

struct Tables {
  std::string cites, made_of, history, held, steps;

  void add(const std::vector<Said>& all) {
    for (const Said& s : all)
      for (const auto& [function, file] : functions_in(s.text))
        cites += fmt::format("    {{\"{}\", \"{}\", CitedBy::{}, \"{}\", \"{}\", \"{}\"}},\n",
                             function, file, s.by, s.name, s.word, s.place);
  }
  void add(const History& h) {
    add(h.said);
    history += fmt::format("    {{CitedBy::{}, \"{}\", R\"({})\", \"{}\"}},\n", h.by, h.id, h.title,
                           h.promises);
    for (const auto& of : h.of)
      made_of += fmt::format("    {{CitedBy::{}, \"{}\", \"{}\"}},\n", h.by, h.id, of);
  }
};

std::vector<std::string> files_below(const fs::path& root, const char* folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder))
    if (entry.is_regular_file()) paths.push_back(fs::relative(entry.path(), root).string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

void add_file(Tables& tables, const fs::path& root, const std::string& path) {
  const std::string text = read(root / path);
  const auto is_below = [&](const char* folder) { return path.starts_with(folder); };
  const bool is_engine = is_below("properties/engines/");
  if ((is_below("model/") || is_below("properties/")) && path.ends_with(".h") && !is_engine)
    tables.add(said_in_header(path, text));
  if (is_below("model/profiles/") && path.ends_with(".toml"))
    tables.add(said_in_profile(path, text));
  if (path.ends_with("/bug.toml") || path.ends_with("/patch.toml"))
    tables.add(history_in(path, text));
  if (is_below("traces/corpus/") || is_below("traces/starts/") || is_below("traces/defects/"))
    tables.add(said_in_trace(path, text));
  if (is_below("traces/recordings/") && path.ends_with(".txt"))
    for (const auto& [function, calls] : held_in(text))
      tables.held +=
          fmt::format("    {{\"{}\", \"{}\", {}}},\n",
                      path.substr(std::string("traces/recordings/").size()), function, calls);
}

// `steps RECORDING STEP N ...` of tests/goldens/recordings.txt.
void add_steps(Tables& tables, const std::string& goldens) {
  std::istringstream lines(goldens);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind, recording, step, calls;
    words >> kind >> recording;
    if (kind != "steps") continue;
    while (words >> step >> calls)
      tables.steps += fmt::format("    {{\"{}\", \"{}\", {}}},\n", recording, step, calls);
  }
}

std::string table(const char* type, const char* name, const std::string& rows) {
  if (rows.empty()) return fmt::format("std::span<const {}> {}() {{ return {{}}; }}\n", type, name);
  return fmt::format(
      "std::span<const {0}> {1}() {{\n  static constexpr {0} rows[] = {{\n{2}  }};\n"
      "  return rows;\n}}\n",
      type, name, rows);
}

}  // namespace
}  // namespace hmm::cited

int main(int argc, char** argv) try {
  using namespace hmm::cited;
  if (argc != 3) {
    std::fputs("usage: hmm_cited ROOT OUT\n", stderr);
    return 2;
  }
  const fs::path root = argv[1], out = argv[2];
  Tables tables;
  for (const char* folder : {"model", "properties", "traces"})
    for (const auto& path : files_below(root, folder)) add_file(tables, root, path);
  add_steps(tables, read(root / "tests/goldens/recordings.txt"));
  const std::string text =
      "#include \"tools/runs/cited.h\"\n\nnamespace hmm {\n\n" +
      table("Cite", "cites", tables.cites) + table("MadeOf", "made_of", tables.made_of) +
      table("KeptHistory", "kept_history", tables.history) +
      table("RecordedAt", "recorded_held", tables.held) +
      table("RecordedAt", "recorded_steps", tables.steps) + "\n}  // namespace hmm\n";
  if (read(out) != text) std::ofstream(out, std::ios::binary) << text;
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "hmm_cited: %s\n", error.what());
  return 1;
}
