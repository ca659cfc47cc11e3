#pragma once
#include <string>

#include "tools/runs/campaign.h"

// What a campaign has come to, in a file: one that was killed goes on from the last batch that it
// was through with.
namespace hmm {

// What makes two campaigns the same one: the same traces to the same kernel, and the same rules.
struct CampaignIdentity {
  std::string kernel, rules;
  std::uint64_t seed = 1;
  std::size_t batch = 50;
  unsigned length = 20;
};

// JSON.
std::string print_campaign(const CampaignIdentity& of, const CampaignResult& result);
// The inverse; nothing done if there is no such file. Throws InputError for what is no such file,
// or one of another campaign.
CampaignResult load_campaign(const std::string& path, const CampaignIdentity& of);

}  // namespace hmm
