#include "traces/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace hmm {
namespace {

// How many characters have to change to make one of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> nearest(std::string_view text, std::vector<std::string> names) {
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return distance(a, text) < distance(b, text);
  });
  return names;
}

std::string did_you_mean(std::string_view text, const std::vector<std::string>& names) {
  if (names.empty()) return "";
  const std::string best = nearest(text, names).front();
  // A third of it wrong is a slip, as are two letters exchanged; more is another word.
  const std::size_t size = std::min(best.size(), text.size());
  const bool is_near = distance(best, text) <= std::max<std::size_t>(size / 3, size > 3 ? 2 : 1);
  return is_near ? fmt::format(" (did you mean {}?)", best) : "";
}

}  // namespace hmm
