namespace Planton.Cli.Tests.Support;

/// <summary>A request as the control plane saw it.</summary>
internal sealed record RecordedRequest(string Method, string Path, string Query, string Authorization, string Accept, string Body)
{
    public override string ToString() => $"{Method} {Path}{Query}";
}
