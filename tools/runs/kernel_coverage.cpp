#include "tools/runs/kernel_coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tools/runs/scratch.h"

namespace hmm {
namespace {

namespace fs = std::filesystem;

struct Row {
  std::string object, name;
  std::vector<std::string> functions;  // empty: all of them
};

// In the order of the table. The functions of files that are not HMM's alone, under the names of
// all kernels that have them.
const std::vector<Row>& rows() {
  static const std::vector<Row> all{
      {"hmm", "mm/hmm.c", {}},
      {"migrate_device", "mm/migrate_device.c", {}},
      {"memremap", "mm/memremap.c", {}},
      {"memory",
       "mm/memory.c, HMM's functions",
       {"do_swap_page", "restore_exclusive_pte", "try_restore_exclusive_pte",
        "remove_device_exclusive_entry", "copy_nonpresent_pte", "zap_nonpresent_ptes",
        "zap_pte_range"}},
      {"rmap",
       "mm/rmap.c, HMM's functions",
       {"try_to_migrate", "try_to_migrate_one", "make_device_exclusive_range",
        "make_device_exclusive", "folio_make_device_exclusive", "page_make_device_exclusive_one"}},
      {"migrate",
       "mm/migrate.c, HMM's functions",
       {"remove_migration_pte", "remove_migration_ptes", "migration_entry_wait",
        "folio_migrate_mapping", "__folio_migrate_mapping", "folio_migrate_flags",
        "migrate_folio_extra", "__migrate_folio"}},
  };
  return all;
}

const Row& row_named(const std::string& name) {
  for (const Row& row : rows())
    if (row.name == name) return row;
  throw std::runtime_error("no such row: " + name);
}

std::string output_of(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no process for gcov");
  std::string text;
  std::array<char, 65536> some{};
  while (const std::size_t n = std::fread(some.data(), 1, some.size(), pipe))
    text.append(some.data(), n);
  if (pclose(pipe) != 0) throw std::runtime_error("gcov fails: " + command);
  return text;
}

double percent(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace

void Executed::add(const Executed& other) {
  all_lines.insert(other.all_lines.begin(), other.all_lines.end());
  lines.insert(other.lines.begin(), other.lines.end());
  all_branches.insert(other.all_branches.begin(), other.all_branches.end());
  branches.insert(other.branches.begin(), other.branches.end());
}

double Executed::of_lines() const { return percent(lines.size(), all_lines.size()); }
double Executed::of_branches() const { return percent(branches.size(), all_branches.size()); }

Executed parse_gcov(const std::string& json, const std::string& row) {
  const Row& wanted = row_named(row);
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (document.is_discarded() || !document.contains("files"))
    throw std::runtime_error("gcov says no JSON of " + row);
  Executed executed;
  for (const auto& file : document["files"]) {
    // Not those of headers.
    if (!file["file"].get<std::string>().ends_with("/" + wanted.object + ".c")) continue;
    for (const auto& line : file["lines"]) {
      const std::string function = line.value("function_name", "");
      const auto& some = wanted.functions;
      if (!some.empty() && std::find(some.begin(), some.end(), function) == some.end()) continue;
      const unsigned number = line["line_number"];
      executed.all_lines.insert(number);
      if (line["count"] > 0) executed.lines.insert(number);
      unsigned place = 0;
      for (const auto& branch : line["branches"]) {
        const Executed::Branch one{function, number, place++};
        executed.all_branches.insert(one);
        if (branch["count"] > 0) executed.branches.insert(one);
      }
    }
  }
  return executed;
}

KernelCoverage coverage_of(const std::string& image, const GuestFiles& files) {
  KernelCoverage coverage;
  const Scratch folder("hmmcheck-gcov");
  for (const Row& row : rows()) {
    const auto counters = files.find(row.object + ".gcda");
    const fs::path notes = fs::path(image) / "obj" / "mm" / (row.object + ".gcno");
    if (counters == files.end() || !fs::exists(notes))
      throw std::runtime_error(image + " does not count: tools/kernel/build --gcov");
    fs::copy_file(notes, folder / (row.object + ".gcno"));
    std::ofstream(folder / counters->first, std::ios::binary) << counters->second;
    const std::string command = fmt::format("cd '{}' && gcov -b --json-format --stdout {} 2>&1",
                                            folder.path().string(), counters->first);
    coverage[row.name] = parse_gcov(output_of(command), row.name);
  }
  return coverage;
}

void add(KernelCoverage& sum, const KernelCoverage& one) {
  for (const auto& [row, executed] : one) sum[row].add(executed);
}

std::string coverage_table(const KernelCoverage& suite, const KernelCoverage& ours) {
  constexpr std::string_view kLine = "{:<30} {:>5} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}\n";
  std::string text = fmt::format(fmt::runtime(kLine), "", "lines", "suite", "ours", "both",
                                 "branches", "suite", "ours", "both");
  const auto of = [](double p) { return fmt::format("{:.1f} %", p); };
  for (const Row& row : rows()) {
    const auto theirs = suite.find(row.name), own = ours.find(row.name);
    if (theirs == suite.end() || own == ours.end()) continue;
    const Executed &a = theirs->second, &b = own->second;
    Executed both = a;
    both.add(b);
    text += fmt::format(fmt::runtime(kLine), row.name, both.all_lines.size(), of(a.of_lines()),
                        of(b.of_lines()), of(both.of_lines()), both.all_branches.size(),
                        of(a.of_branches()), of(b.of_branches()), of(both.of_branches()));
  }
  return text;
}

std::string only_in(const KernelCoverage& one, const KernelCoverage& other) {
  std::string text;
  for (const Row& row : rows()) {
    const auto a = one.find(row.name), b = other.find(row.name);
    if (a == one.end() || b == other.end()) continue;
    std::string spans;
    unsigned first = 0, last = 0;
    const auto close = [&] {
      if (first == 0) return;
      spans += (spans.empty() ? "" : ",") + std::to_string(first) +
               (last > first ? "-" + std::to_string(last) : "");
    };
    for (const unsigned line : b->second.all_lines) {
      const bool is_only = a->second.lines.contains(line) && !b->second.lines.contains(line);
      if (!is_only) {
        close();
        first = 0;
      } else {
        first = first == 0 ? line : first;
        last = line;
      }
    }
    close();
    if (!spans.empty()) text += row.name.substr(0, row.name.find(',')) + ":" + spans + "\n";
  }
  return text;
}

}  // namespace hmm
