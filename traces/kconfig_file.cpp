#include "traces/kconfig_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "model/swapops/config.h"
#include "traces/embedded.h"
#include "traces/nearest.h"
#include "traces/profile_file.h"
#include "traces/toml_keys.h"

namespace hmm {
namespace {

using Chain = std::vector<std::string>;  // those being read, each the base of the one before

constexpr std::string_view kSymbolKeys[] = {"prompt", "depends", "default", "selects", "others"};
constexpr std::string_view kExistsKeys[] = {"needs", "source", "steps", "calls"};

const toml::table& table_of(const toml::node& node, std::string_view key,
                            const std::string& source) {
  const auto* const table = node.as_table();
  if (table == nullptr)
    reject(at(source, node.source()), fmt::format("{} to be a table", key), type_of(node));
  return *table;
}

KconfigExpr expr_of(const TomlKeys& keys, std::string_view key) {
  const std::string text = keys.line_or_none(key);
  return text.empty() ? KconfigExpr::constant(false) : parse_kconfig_expr(text, keys.at(key));
}

// `SYMBOL` or `SYMBOL if EXPR`.
KconfigSelect select_of(const std::string& text, const Origin& at) {
  const std::size_t condition = text.find(" if ");
  const KconfigExpr symbol = parse_kconfig_expr(text.substr(0, condition), at);
  if (symbol.op != KconfigExpr::Op::symbol) reject(at, "SYMBOL or SYMBOL if EXPRESSION", text);
  KconfigSelect select{symbol.symbol};
  if (condition != text.npos) select.when = parse_kconfig_expr(text.substr(condition + 4), at);
  return select;
}

KconfigSymbol symbol_of(const std::string& name, const std::string& file, const toml::node& node,
                        const std::string& source) {
  const TomlKeys keys(table_of(node, name, source), source, kSymbolKeys);
  KconfigSymbol symbol;
  symbol.name = name;
  symbol.file = file;
  symbol.source = source;
  symbol.line = at(source, node.source()).line;
  symbol.prompt = expr_of(keys, "prompt");
  symbol.value = expr_of(keys, "default");
  for (const auto& text : keys.lines("depends"))
    symbol.depends.push_back(parse_kconfig_expr(text, keys.at("depends")));
  for (const auto& text : keys.lines("selects"))
    symbol.selects.push_back(select_of(text, keys.at("selects")));
  symbol.others = keys.line_or_none("others");
  return symbol;
}

void read_swap(const toml::node& node, const std::string& source, KconfigFile& file) {
  const TomlKeys keys(table_of(node, "[swap]", source), source, kSwapOptions);
  for (std::size_t i = 0; i < kSwapOptions.size(); ++i)
    if (const std::string text = keys.line_or_none(kSwapOptions[i]); !text.empty())
      file.swap[i] = parse_kconfig_expr(text, keys.at(kSwapOptions[i]));
}

void read_exists(const toml::node& node, const std::string& source, KconfigFile& file) {
  for (const auto& [key, row] : table_of(node, "[exists]", source)) {
    const std::string name(key.str());
    const TomlKeys keys(table_of(row, name, source), source, kExistsKeys);
    const auto known = std::find_if(file.exists.begin(), file.exists.end(),
                                    [&](const auto& e) { return e.name == name; });
    KconfigExists& exists = known == file.exists.end() ? file.exists.emplace_back() : *known;
    exists.name = name;
    exists.needs = parse_kconfig_expr(keys.line("needs"), keys.at("needs"));
    exists.source = keys.line("source");
    // Where its base has it, this says what it needs here.
    if (auto steps = keys.lines("steps"); !steps.empty()) exists.steps = std::move(steps);
    if (auto calls = keys.lines("calls"); !calls.empty()) exists.calls = std::move(calls);
  }
}

void require_rows(const KconfigFile& file, const KconfigExpr& expr, const Origin& by) {
  for_each_symbol(expr, [&](const std::string& name) {
    if (!file.symbols.contains(name))
      reject(by, "a symbol that has a row" + did_you_mean(name, file.symbol_names()), name);
  });
}

void require_all_rows(const KconfigFile& file, const std::string& source) {
  for (const auto& [name, symbol] : file.symbols) {
    const Origin by{symbol.source, symbol.line};
    for (const auto& expr : symbol.depends) require_rows(file, expr, by);
    for (const auto& select : symbol.selects) {
      require_rows(file, KconfigExpr::name(select.symbol), by);
      require_rows(file, select.when, by);
    }
    require_rows(file, symbol.prompt, by);
    require_rows(file, symbol.value, by);
  }
  for (const auto& expr : file.swap) require_rows(file, expr, {source, 1});
  for (const auto& exists : file.exists) require_rows(file, exists.needs, {source, 1});
}

KconfigFile load(const std::string& name, const Origin& by, Chain& chain);

KconfigFile base_of(const toml::table& table, const std::string& source, Chain& chain) {
  const auto* const base = table.get("base");
  if (base == nullptr) return {};
  const std::string name = string_of(*base, "base", source);
  const Origin by = at(source, base->source());
  KconfigFile file = load(is_profile_path(name) ? beside(source, name) : name, by, chain);
  if (const auto* const gone = table.get("gone"))
    for (const auto& symbol : strings_of(*gone, "gone", source))
      if (file.symbols.erase(symbol) == 0)
        reject(at(source, gone->source()), "a symbol of the base", symbol);
  return file;
}

KconfigFile parse(std::string_view text, const std::string& source, Chain& chain) {
  const toml::table table = parse_toml(text, source);
  KconfigFile file = base_of(table, source, chain);
  file.name = std::filesystem::path(source).stem().string();
  for (const auto& [key, value] : table) {
    if (key == "base" || key == "gone") continue;
    if (key == "name") {
      file.name = line_of(value, "name", source);
    } else if (key == "says") {
      file.says = line_of(value, "says", source);
    } else if (key == "swap_kernel") {
      file.swap_kernel = string_of(value, "swap_kernel", source);
    } else if (key == "swap") {
      read_swap(value, source, file);
    } else if (key == "exists") {
      read_exists(value, source, file);
    } else if (key.str().find("Kconfig") != std::string_view::npos) {
      for (const auto& [name, row] : table_of(value, key.str(), source))
        file.symbols[std::string(name.str())] =
            symbol_of(std::string(name.str()), std::string(key.str()), row, source);
    } else {
      reject(at(source, key.source()),
             "name, says, base, swap_kernel, gone, [swap], [exists.NAME] or a Kconfig file",
             key.str());
    }
  }
  if (!swap_kernel_named(file.swap_kernel))
    reject({source, 1}, "swap_kernel, whose swap entries it has", file.swap_kernel);
  require_all_rows(file, source);
  return file;
}

KconfigFile load(const std::string& name, const Origin& by, Chain& chain) {
  const bool is_path = is_profile_path(name);
  const std::string id = is_path ? std::filesystem::weakly_canonical(name).string() : name;
  if (std::find(chain.begin(), chain.end(), id) != chain.end())
    reject(by, "a base that does not come back to these rows", name);
  chain.push_back(id);
  if (is_path) {
    if (!std::filesystem::exists(name)) reject(by, "a file to read", name);
    return parse(read_input(name), name, chain);
  }
  for (const auto& [known, text] : embedded_kconfigs())
    if (known == name) return parse(text, "model/kconfig/" + name + ".toml", chain);
  reject(by,
         fmt::format("a kernel ({}) or a file ending in .toml{}", joined(kconfig_names()),
                     did_you_mean(name, kconfig_names())),
         name);
}

}  // namespace

std::vector<std::string> KconfigFile::symbol_names() const {
  std::vector<std::string> names;
  for (const auto& [symbol, row] : symbols) names.push_back(symbol);
  return names;
}

std::vector<std::string> kconfig_names() {
  std::vector<std::string> names;
  for (const auto& [name, text] : embedded_kconfigs()) names.push_back(name);
  return names;
}

KconfigFile load_kconfig(const std::string& name_or_path, const Origin& at) {
  Chain chain;
  return load(name_or_path, at, chain);
}

KconfigFile parse_kconfig(std::string_view text, const std::string& source) {
  Chain chain;
  return parse(text, source, chain);
}

}  // namespace hmm
