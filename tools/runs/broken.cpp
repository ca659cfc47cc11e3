#include "tools/runs/broken.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "traces/text.h"

namespace hmm {
namespace {

// The row with the fields that are not zero; empty for what is no row, such as page 0.
std::string print_row(const StateText& text, const std::vector<PlainRow>& rows,
                      const PlainRow& wanted) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const PlainRow& row) {
    return row.table == wanted.table && row.index == wanted.index;
  });
  return text.print_row(found == rows.end() ? wanted : *found);
}

}  // namespace

std::vector<BrokenRows> broken_rows(const JudgedMachine& machine, const Profile& k,
                                    PropertySet bad) {
  const StateText text(machine.scope());
  const auto rows = text.rows(machine.leaves());
  std::vector<BrokenRows> out;
  std::set<std::size_t> said;
  for (const BrokenClaim& broken : machine.broken(k, bad)) {
    if (!said.insert(broken.claim).second) continue;
    BrokenRows one;
    std::vector<std::string> about;
    for (const Row& row : broken.rows) {
      const auto end = row.index.begin() + static_cast<std::ptrdiff_t>(row.indexes);
      one.rows.push_back({row.table, {row.index.begin(), end}, {}});
      about.push_back(print_row(text, rows, one.rows.back()));
    }
    one.says = fmt::format("{}: {}", name_of_claim(broken.claim), fmt::join(about, "; "));
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<std::string> broken_claims(const JudgedMachine& machine, const Profile& k,
                                       PropertySet bad) {
  std::vector<std::string> lines;
  for (auto& one : broken_rows(machine, k, bad)) lines.push_back(std::move(one.says));
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
