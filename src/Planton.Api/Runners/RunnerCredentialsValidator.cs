namespace Planton.Api.Runners;

internal static class RunnerCredentialsValidator
{
    public static IReadOnlyList<string> Validate(RunnerCredentials document)
    {
        var faults = new List<string>();
        Expect(document.ApiVersion, RunnerCredentials.CurrentApiVersion, "apiVersion");
        Expect(document.Kind, RunnerCredentials.KindName, "kind");
        Need(document.Metadata?.Id, "metadata.id");
        Need(document.Metadata?.Runner, "metadata.runner");
        Need(document.Metadata?.RunnerId, "metadata.runnerId");
        if (Need(document.ControlPlane?.Endpoint, "controlPlane.endpoint")
            && !(Uri.TryCreate(document.ControlPlane!.Endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            faults.Add("controlPlane.endpoint: is not an http or https URL");
        if (Need(document.Tunnel?.Endpoint, "tunnel.endpoint") && !HostAndPort.TryParse(document.Tunnel!.Endpoint, out _))
            faults.Add("tunnel.endpoint: is not host:port");
        NeedPem(document.Tunnel?.CaCertificates, "CERTIFICATE", "tunnel.caCertificates");
        NeedPem(document.Tunnel?.Certificate, "CERTIFICATE", "tunnel.certificate");
        NeedPem(document.Tunnel?.PrivateKey, "PRIVATE KEY", "tunnel.privateKey");
        if (Need(document.ApiKey, "apiKey") && !document.ApiKey!.StartsWith("pck_", StringComparison.Ordinal))
            faults.Add("apiKey: does not begin with pck_");
        return faults;

        bool Need(string? value, string path)
        {
            if (!string.IsNullOrWhiteSpace(value))
                return true;
            faults.Add($"{path}: is missing");
            return false;
        }

        void Expect(string? value, string expected, string path)
        {
            if (Need(value, path) && value != expected)
                faults.Add($"{path}: is not {expected}");
        }

        void NeedPem(string? value, string label, string path)
        {
            if (Need(value, path) && !value!.Contains($"-----BEGIN {label}-----", StringComparison.Ordinal))
                faults.Add($"{path}: is not a PEM {label}");
        }
    }
}
