#include "tools/runs/broken.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "traces/text.h"

namespace hmm {
namespace {

// The row with the fields that are not zero; empty for what is no row, such as page 0.
std::string print_row(const StateText& text, const std::vector<PlainRow>& rows, const Row& wanted) {
  const auto end = wanted.index.begin() + static_cast<std::ptrdiff_t>(wanted.indexes);
  const std::vector<unsigned> index(wanted.index.begin(), end);
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const PlainRow& row) {
    return row.table == wanted.table && row.index == index;
  });
  return text.print_row(found == rows.end() ? PlainRow{wanted.table, index, {}} : *found);
}

}  // namespace

std::vector<std::string> broken_claims(const JudgedMachine& machine, const Profile& k,
                                       PropertySet bad) {
  const StateText text(machine.scope());
  const auto rows = text.rows(machine.leaves());
  std::vector<std::string> lines;
  std::set<std::size_t> said;
  for (const BrokenClaim& broken : machine.broken(k, bad)) {
    if (!said.insert(broken.claim).second) continue;
    std::vector<std::string> about;
    for (const Row& row : broken.rows) about.push_back(print_row(text, rows, row));
    lines.push_back(fmt::format("{}: {}", name_of_claim(broken.claim), fmt::join(about, "; ")));
  }
  return lines;
}

std::string given_text(const GivenCounts& given, PropertySet wanted) {
  std::string text;
  for (std::size_t c = 0; c < given.size(); ++c)
    if ((wanted >> claim_infos()[c].property & 1) != 0)
      text += fmt::format("{}given {:>13} {}", text.empty() ? "" : "\n", grouped(given[c]),
                          name_of_claim(c));
  return text;
}

Json given_facts(const GivenCounts& given, PropertySet wanted) {
  Json facts = Json::object();
  for (std::size_t c = 0; c < given.size(); ++c)
    if ((wanted >> claim_infos()[c].property & 1) != 0) facts[name_of_claim(c)] = given[c];
  return facts;
}

}  // namespace hmm
