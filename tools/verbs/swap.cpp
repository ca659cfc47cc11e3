#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/swapops/migration_ad.h"
#include "tools/runs/output.h"
#include "tools/verbs/verbs.h"
#include "traces/input_error.h"
#include "traces/kconfig_swap.h"

namespace hmm {
namespace {

using D = Concrete<Scope{}>;
using Json = nlohmann::ordered_json;

struct Options {
  std::string kernel, type, offset, value, physmem_bits = "46", l1tf_cache_bits = "0";
  std::vector<std::string> config;
  bool soft_dirty = false, uffd_wp = false, exclusive = false, young = false, dirty = false;
  bool pte = false, entry = false, json = false;
};

[[noreturn]] void reject(std::string_view what, std::string_view expected, std::string_view found) {
  throw InputError(fmt::format("{}: expected {}, found {}", what, expected, found));
}

std::uint64_t to_number(std::string_view what, const std::string& text) {
  std::string_view digits = text;
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    digits.remove_prefix(2);
    base = 16;
  }
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc{} || end != digits.data() + digits.size()) {
    reject(what, "a number of at most 64 bits", text);
  }
  return number;
}

void turn_on(SwapConfig& c, const std::string& option) {
  if (option == "none") return;
  if (option == "memory_failure") {
    c.memory_failure = true;
  } else if (option == "migration") {
    c.migration = true;
  } else if (option == "device_private") {
    c.device_private = true;
  } else if (option == "swap") {
    c.swap = true;
  } else if (option == "pte_marker") {
    if (!is_v6(c)) reject("--config", "an option of this kernel", option);
    c.pte_marker = true;
  } else {
    reject("--config", "memory_failure, migration, device_private, pte_marker, swap or none",
           option);
  }
}

SwapConfig config_of(const Options& o) {
  const auto kernel = swap_kernel_named(o.kernel);
  if (!kernel) {
    reject("--kernel", "v16, 4.14, 4.14-l1tf, 6.1, 6.12 or 7.3", o.kernel);
  }
  SwapConfig c = default_config(*kernel);
  if (!o.config.empty()) {
    c.memory_failure = c.migration = c.device_private = c.pte_marker = c.swap = false;
    for (const std::string& option : o.config) turn_on(c, option);
  }
  const bool has_5level = *kernel != SwapKernel::v16;
  const std::uint64_t physmem_bits = to_number("--physmem-bits", o.physmem_bits);
  if (physmem_bits != 46 && !(physmem_bits == 52 && has_5level)) {
    reject("--physmem-bits", has_5level ? "46 or 52" : "46", o.physmem_bits);
  }
  c.physmem_bits = static_cast<unsigned>(physmem_bits);
  const std::uint64_t cache_bits = to_number("--l1tf-cache-bits", o.l1tf_cache_bits);
  if (cache_bits != 0) {
    if (!inverts_offset(c)) reject("--l1tf-cache-bits", "a kernel with the L1TF change", o.kernel);
    if (cache_bits < 36 || cache_bits > 52) {
      reject("--l1tf-cache-bits", "0 or 36 to 52", o.l1tf_cache_bits);
    }
  }
  c.l1tf_cache_bits = static_cast<unsigned>(cache_bits);
  return c;
}

// The name of a type code; a swap file has none.
std::string_view type_name(const SwapConfig& c, std::uint64_t type) {
  for (const auto& special : special_types(c)) {
    if (special.type == type) return special.name;
  }
  return "swap";
}

std::uint64_t type_of(const SwapConfig& c, const std::string& text) {
  for (const auto& special : special_types(c)) {
    if (special.name != text) continue;
    if (!special.type) reject("--type", "a type of this kernel and config", text);
    return *special.type;
  }
  if (text.starts_with("SWP_")) reject("--type", "a type of this kernel", text);
  const std::uint64_t type = to_number("--type", text);
  constexpr std::uint64_t types = 1u << MAX_SWAPFILES_SHIFT;
  if (type >= types) reject("--type", fmt::format("less than {}", types), text);
  return type;
}

Json hex(std::uint64_t word) { return fmt::format("{:#018x}", word); }

// Options first, so that two outputs can be told apart by what they were asked.
Json describe_config(const SwapConfig& c) {
  return {{"kernel", swap_kernel_name(c.kernel)},
          {"memory_failure", c.memory_failure},
          {"migration", c.migration},
          {"device_private", c.device_private},
          {"pte_marker", SWP_PTE_MARKER(c).has_value()},
          {"swap", c.swap},
          {"physmem_bits", c.physmem_bits},
          {"l1tf_cache_bits", c.l1tf_cache_bits}};
}

void describe_entry(Json& out, const SwapEncoding& enc, const swp_entry_t<D>& entry) {
  const SwapConfig& c = enc.config;
  const std::uint64_t offset = swp_offset(c, entry);
  out["type"] = swp_type(c, entry);
  out["type_name"] = type_name(c, swp_type(c, entry));
  out["offset"] = fmt::format("{:#x}", offset);
  if (is_pfn_swap_entry(c, entry)) out["pfn"] = fmt::format("{:#x}", swp_offset_pfn(c, entry));
  if (is_migration_entry(c, entry)) {
    out["young"] = is_migration_entry_young(enc, entry);
    out["dirty"] = is_migration_entry_dirty(enc, entry);
  }
  if (is_pte_marker_entry(c, entry)) {
    out["marker"] = fmt::format("{:#x}", pte_marker_get(c, entry));
  }
}

void describe_pte(Json& out, const SwapEncoding& enc, const pte_t<D>& pte) {
  out["pte"] = hex(pte.pte);
  out["soft_dirty"] = pte_swp_soft_dirty(enc, pte);
  if (enc.pte.uffd_wp != 0) out["uffd_wp"] = pte_swp_uffd_wp(enc, pte);
  if (enc.pte.exclusive != 0) out["exclusive"] = pte_swp_exclusive(enc, pte);
}

void print(const Json& out, bool json) {
  if (json) {
    hmm::print(out.dump(2) + "\n");
    return;
  }
  for (const auto& [key, value] : out.items()) {
    hmm::print(fmt::format("{:<29} {}\n", key,
                           value.is_string() ? value.get<std::string>() : value.dump()));
  }
}

void encode(const Options& o) {
  const SwapEncoding enc(config_of(o));
  const SwapConfig& c = enc.config;
  const std::uint64_t type = type_of(c, o.type);
  const std::uint64_t offset = to_number("--offset", o.offset);
  if (offset > low_bits(kPteOffsetBits)) {
    reject("--offset", fmt::format("at most {:#x}", low_bits(kPteOffsetBits)), o.offset);
  }
  auto entry = swp_entry<D>(c, type, offset);
  if (o.young || o.dirty) {
    const std::string_view flag = o.young ? "--young" : "--dirty";
    if (!is_migration_entry(c, entry)) reject(flag, "a migration type", o.type);
    if (!migration_entry_supports_ad(enc)) {
      reject(flag, "a kernel and config whose migration entries carry A/D bits", o.kernel);
    }
    if (o.young) entry = make_migration_entry_young(enc, entry);
    if (o.dirty) entry = make_migration_entry_dirty(enc, entry);
  }
  if (o.uffd_wp && enc.pte.uffd_wp == 0) reject("--uffd-wp", "a kernel that has it", o.kernel);
  if (o.exclusive && enc.pte.exclusive == 0) {
    reject("--exclusive", "a kernel that has it", o.kernel);
  }
  auto pte = swp_entry_to_pte(enc, entry);
  if (o.soft_dirty) pte = pte_swp_mksoft_dirty(enc, pte);
  if (o.uffd_wp) pte = pte_swp_mkuffd_wp(enc, pte);
  if (o.exclusive) pte = pte_swp_mkexclusive(enc, pte);
  Json out = describe_config(c);
  describe_entry(out, enc, entry);
  out["entry"] = hex(entry.val);
  describe_pte(out, enc, pte);
  print(out, o.json);
}

void decode(const Options& o) {
  const SwapEncoding enc(config_of(o));
  const SwapConfig& c = enc.config;
  if (o.pte && o.entry) reject("--entry", "one of --pte and --entry", "both");
  const std::uint64_t value = to_number("VALUE", o.value);
  Json out = describe_config(c);
  if (o.entry) {
    const swp_entry_t<D> entry{value};
    if (swp_type(c, entry) >> SWP_TYPE_BITS != 0) {
      reject("VALUE", "a swap entry of a type below 32", o.value);
    }
    if (swp_offset(c, entry) > low_bits(kPteOffsetBits)) {
      reject("VALUE", "a swap entry whose offset fits a pte", o.value);
    }
    out["entry"] = hex(value);
    describe_entry(out, enc, entry);
    describe_pte(out, enc, swp_entry_to_pte(enc, entry));
  } else {
    const pte_t<D> pte{value};
    out["none"] = pte_none(pte);
    out["present"] = pte_present(pte);
    if (is_swap_pte(pte)) {
      const auto entry = pte_to_swp_entry(enc, pte);
      describe_entry(out, enc, entry);
      out["entry"] = hex(entry.val);
      describe_pte(out, enc, pte);
    } else {
      out["pte"] = hex(value);
    }
  }
  print(out, o.json);
}

void types(const Options& o) {
  const SwapConfig c = config_of(o);
  Json out = describe_config(c);
  out["configurable"] = !configurable({c}).empty();
  out["MAX_SWAPFILES"] = MAX_SWAPFILES(c);
  for (const auto& special : special_types(c)) {
    if (special.type) out[std::string(special.name)] = *special.type;
  }
  print(out, o.json);
}

CLI::App* add_verb(CLI::App& swap, const std::string& name, const std::string& help,
                   const std::shared_ptr<Options>& o, int& exit_code, void (*run)(const Options&)) {
  CLI::App* verb = swap.add_subcommand(name, help);
  verb->add_option("--kernel,--profile", o->kernel, "v16, 4.14, 4.14-l1tf, 6.1, 6.12 or 7.3")
      ->required();
  verb->add_option("--config", o->config,
                   "the options that are on, of memory_failure, migration, device_private, "
                   "pte_marker, swap; none; default all")
      ->delimiter(',');
  verb->add_option("--physmem-bits", o->physmem_bits, "MAX_PHYSMEM_BITS, 46 or 52");
  verb->add_option("--l1tf-cache-bits", o->l1tf_cache_bits,
                   "x86_cache_bits of a CPU with L1TF; 0 for any other");
  verb->add_flag("--json", o->json, "print JSON");
  verb->callback([o, &exit_code, run] {
    run(*o);
    exit_code = 0;
  });
  return verb;
}

}  // namespace

void add_swap(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* swap = app.add_subcommand("swap", "Encode and decode swap entries and ptes");
  swap->require_subcommand(1);
  CLI::App* to = add_verb(*swap, "encode", "A type and an offset to a pte", o, exit_code, encode);
  to->add_option("--type", o->type, "a name such as SWP_DEVICE_WRITE, or a number")->required();
  to->add_option("--offset", o->offset, "the offset or pfn")->required();
  to->add_flag("--soft-dirty", o->soft_dirty);
  to->add_flag("--uffd-wp", o->uffd_wp);
  to->add_flag("--exclusive", o->exclusive, "PG_anon_exclusive of a swap entry");
  to->add_flag("--young", o->young, "of a migration entry");
  to->add_flag("--dirty", o->dirty, "of a migration entry");
  CLI::App* from = add_verb(*swap, "decode", "A pte or entry to its parts", o, exit_code, decode);
  from->add_option("value", o->value, "the word")->required();
  from->add_flag("--pte", o->pte, "the word is a pte (default)");
  from->add_flag("--entry", o->entry, "the word is a swp_entry_t");
  add_verb(*swap, "types", "The type codes of a kernel", o, exit_code, types);
}

}  // namespace hmm
