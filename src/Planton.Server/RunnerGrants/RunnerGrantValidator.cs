using System.Net;
using Planton.Api.RunnerGrants;
using Planton.Server.Connections;
using Planton.Server.Errors;

namespace Planton.Server.RunnerGrants;

internal static class RunnerGrantValidator
{
    private const string ContextsField = "kubeContexts";
    private const string RangesField = "allowCidrs";
    private const int MaxRangeLength = 64;

    /// <summary>Every fault that can be seen without the database; null when there is none.</summary>
    public static Error? Validate(CreateRunnerGrantRequest request)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("organization", request.Organization);
        if (request.Mode is not (null or ConnectionAuthMode.Runner or ConnectionAuthMode.Inline))
            faults.Add("mode", $"must be {ConnectionAuthMode.Runner} or {ConnectionAuthMode.Inline}");
        var (contexts, ranges) = (request.KubeContexts ?? [], request.AllowCidrs ?? []);
        if (contexts.Count > CreateRunnerGrantRequest.MaxValues)
            faults.Add(ContextsField, $"must be at most {CreateRunnerGrantRequest.MaxValues}");
        else if (!contexts.All(ConnectionRequestValidator.IsContext))
            faults.Add(ContextsField, ConnectionRequestValidator.ContextRule);
        if (ranges.Count > CreateRunnerGrantRequest.MaxValues)
            faults.Add(RangesField, $"must be at most {CreateRunnerGrantRequest.MaxValues}");
        else if (!ranges.All(IsRange))
            faults.Add(RangesField, "must be address ranges such as 10.20.0.0/16 or fd12:3456::/32, without bits beyond the prefix; one address is 10.20.0.5/32");
        CheckMode(faults, request.Mode ?? ConnectionAuthMode.Runner, contexts.Count, ranges.Count);
        return faults.ToError();
    }

    /// <summary>The form in which a range is stored and compared.</summary>
    public static string Canonical(string range) => IPNetwork.Parse(range).ToString();

    private static void CheckMode(FieldFaults faults, string mode, int contexts, int ranges)
    {
        if (mode == ConnectionAuthMode.Inline && contexts > 0)
            faults.Add(ContextsField, $"is for mode {ConnectionAuthMode.Runner} only: an inline connection names its own cluster");
        if (mode == ConnectionAuthMode.Inline && ranges == 0)
            faults.Add(RangesField, $"is missing: mode {ConnectionAuthMode.Inline} allows no address that is not in a range; give one, such as 10.20.0.0/16");
        if (mode == ConnectionAuthMode.Runner && ranges > 0)
            faults.Add(RangesField, $"is for mode {ConnectionAuthMode.Inline} only: in mode {ConnectionAuthMode.Runner} the runner's kubeconfig has the address");
    }

    // Written with bits beyond the prefix it could be meant as one address or as a whole network. IPv4 as IPv6 is compared as IPv4.
    private static bool IsRange(string? text) =>
        text is { Length: <= MaxRangeLength }
        && text.Split('/') is [var address, _]
        && IPNetwork.TryParse(text, out var network)
        && IPAddress.TryParse(address, out var given)
        && given.Equals(network.BaseAddress)
        && !given.IsIPv4MappedToIPv6
        && !address.Contains('%', StringComparison.Ordinal);
}
