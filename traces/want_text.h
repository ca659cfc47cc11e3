#pragma once
#include <string>
#include <vector>

#include "model/want.h"
#include "traces/input.h"

// Who wants something, as text: `cpu mm=0 vpn=0 write=0`, `device device=0 mm=0 vpn=0 write=1`,
// `eviction pfn=2`, `memunmap device=0`, `subscribe device=0 mm=0`, `hotplug region=1`; several
// with `, ` between them.
namespace hmm {

std::string print_want(const Want& want);
std::string print_wants(const std::vector<Want>& wants);
// Of those that there can be. The text may be empty. Throws InputError.
std::vector<Want> parse_wants(const Wants& possible, std::string_view text, const Origin& at);

}  // namespace hmm
