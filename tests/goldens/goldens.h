#pragma once
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "traces/input.h"

// The numbers that a change of a rule changes: tests/goldens/*.txt. Tests read them,
// `tools/goldens` writes them, and nobody edits them by hand.
//
//   # What the numbers are of.
//   explore tiny states 834881 edges 4970483 depth 65
//
// A line is a key of one word or more, then names and numbers.
namespace hmm::goldens {

struct Golden {
  std::string key;
  std::vector<std::pair<std::string, std::uint64_t>> values;

  std::optional<std::uint64_t> value(const std::string& name) const {
    for (const auto& [known, v] : values)
      if (known == name) return v;
    return std::nullopt;
  }
  friend bool operator==(const Golden&, const Golden&) = default;
};

struct GoldenFile {
  std::string name;  // `explore`, of tests/goldens/explore.txt
  std::string says;  // its first line
  std::vector<Golden> lines;
};

using Goldens = std::vector<GoldenFile>;

inline std::string print(const GoldenFile& file) {
  std::string out = "# " + file.says + "\n";
  for (const Golden& g : file.lines) {
    out += g.key;
    for (const auto& [name, value] : g.values) out += " " + name + " " + std::to_string(value);
    out += "\n";
  }
  return out;
}

// Throws InputError for what print() does not write.
inline GoldenFile parse(const std::string& text, const std::string& name, const std::string& path) {
  GoldenFile file{name, "", {}};
  unsigned number = 0;
  for (const auto line : lines_of(text, path)) {
    if (++number == 1 && line.starts_with("# ")) {
      file.says = line.substr(2);
      continue;
    }
    auto words = words_of(line);
    Golden golden;
    const auto is_number = [](std::string_view word) {
      return word.find_first_not_of("0123456789") == word.npos;
    };
    while (words.size() > 2 && is_number(words.back())) {
      golden.values.emplace(golden.values.begin(), words[words.size() - 2],
                            std::stoull(std::string(words.back())));
      words.resize(words.size() - 2);
    }
    if (golden.values.empty()) reject({path, number}, "KEY NAME NUMBER ...", line);
    for (const auto word : words) golden.key += (golden.key.empty() ? "" : " ") + std::string(word);
    file.lines.push_back(std::move(golden));
  }
  return file;
}

inline const Golden* find(const Goldens& all, const std::string& key) {
  for (const auto& file : all)
    for (const auto& golden : file.lines)
      if (golden.key == key) return &golden;
  return nullptr;
}

inline std::string folder(const std::string& root) { return root + "/tests/goldens/"; }

inline constexpr const char* kFiles[] = {"explore", "sizes", "broken_rules", "recordings"};

// Those of the source tree at `root`.
inline Goldens load(const std::string& root) {
  Goldens all;
  for (const std::string name : kFiles) {
    const std::string path = folder(root) + name + ".txt";
    all.push_back(parse(read_input(path), name, path));
  }
  return all;
}

// golden("explore tiny", "states"), for tests; std::logic_error if there is none.
inline std::uint64_t golden(const std::string& key, const std::string& name) {
  static const Goldens all = load(HMM_SOURCE_DIR);
  const Golden* const found = find(all, key);
  const auto value = found == nullptr ? std::nullopt : found->value(name);
  if (!value) throw std::logic_error("no golden `" + key + " ... " + name + "`: tools/goldens");
  return *value;
}

}  // namespace hmm::goldens
