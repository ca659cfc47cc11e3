#include "tools/runs/campaign_log.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "traces/input.h"

namespace hmm {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const CampaignIdentity& of) {
  return {{"kernel", of.kernel},
          {"rules", of.rules},
          {"seed", of.seed},
          {"batch", of.batch},
          {"length", of.length}};
}

Json json_of(const Finding& f) {
  return {{"name", f.name},           {"says", f.says},
          {"seed", f.seed},           {"times", f.times},
          {"boots", f.reduced.boots}, {"again", f.reduced.repeated},
          {"of", f.reduced.of},       {"calls", print_recording({f.name, f.reduced.traces, {}})}};
}

Finding finding_of(const Json& json, const std::string& path) {
  Finding f;
  f.name = json.at("name");
  f.says = json.at("says");
  f.seed = json.at("seed");
  f.times = json.at("times");
  f.reduced.boots = json.at("boots");
  f.reduced.repeated = json.at("again");
  f.reduced.of = json.at("of");
  f.reduced.traces = parse_recording(json.at("calls").get<std::string>(), path).traces;
  return f;
}

}  // namespace

std::string print_campaign(const CampaignIdentity& of, const CampaignResult& result) {
  Json findings = Json::array();
  for (const auto& [name, finding] : result.findings) findings.push_back(json_of(finding));
  const Json all{{"campaign", json_of(of)},
                 {"traces", result.traces},
                 {"calls", result.calls},
                 {"findings", findings}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

CampaignResult load_campaign(const std::string& path, const CampaignIdentity& of) {
  CampaignResult result;
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return result;
  const std::string text = read_input(path);
  try {
    const Json all = Json::parse(text);
    if (all.at("campaign") != json_of(of))
      reject({path, 1}, "the campaign " + json_of(of).dump(), all.at("campaign").dump());
    result.traces = all.at("traces");
    result.calls = all.at("calls");
    for (const auto& json : all.at("findings")) {
      Finding f = finding_of(json, path);
      result.findings.emplace(f.name, std::move(f));
    }
  } catch (const Json::exception& e) {
    reject({path, 1}, "a campaign that hmmcheck kernel campaign has kept", e.what());
  }
  return result;
}

}  // namespace hmm
