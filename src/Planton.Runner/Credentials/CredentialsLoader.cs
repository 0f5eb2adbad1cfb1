using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Runners;
using Planton.Runner.Logging;
using Planton.Runner.Startup;
using Planton.Runner.State;
using Planton.Tunnel.Identity;

namespace Planton.Runner.Credentials;

/// <summary>Reads and checks a credentials document before anything is dialled. All faults are told at once, by field.</summary>
/// <param name="locator">Finds the document.</param>
/// <param name="masker">Is told what must not be logged.</param>
/// <param name="time">The clock.</param>
/// <param name="stateFolder"><c>--state-dir</c>, where a certificate may be that is newer than the document's.</param>
internal sealed class CredentialsLoader(CredentialsLocator locator, SecretMasker masker, TimeProvider time, string? stateFolder = null)
{
    public Attempt<LoadedCredentials> Load(CredentialsRequest request)
    {
        var found = locator.Find(request);
        if (found.Failure is { } missing)
            return missing;
        var text = found.Value!;
        RunnerCredentials? document;
        try
        {
            document = JsonSerializer.Deserialize(text.Json, PlantonJson.Default.RunnerCredentials);
        }
        catch (JsonException e)
        {
            // The exception's message quotes the document: only the place is told.
            return Fault(text, string.Create(CultureInfo.InvariantCulture,
                $"is not JSON of the credentials' form (line {e.LineNumber + 1}, at {e.Path ?? "$"})"));
        }

        masker.Add(document?.ApiKey);
        masker.Add(document?.Tunnel?.PrivateKey);
        var faults = document?.Validate() ?? ["the document: is null"];
        return faults.Count > 0 ? Fault(text, string.Join("; ", faults)) : ReadKeys(text, document!, request);
    }

    private Attempt<LoadedCredentials> ReadKeys(CredentialsText text, RunnerCredentials document, CredentialsRequest request)
    {
        var faults = new List<string>();
        var roots = ReadCertificates(document.Tunnel!.CaCertificates!, "tunnel.caCertificates", faults);
        var controlPlaneRoots = string.IsNullOrWhiteSpace(document.ControlPlane!.CaCertificates)
            ? null
            : ReadCertificates(document.ControlPlane.CaCertificates, "controlPlane.caCertificates", faults);
        var certificate = ReadPair(document.Tunnel, faults);
        var identity = certificate is null ? null : ReadIdentity(certificate, document.Metadata!, faults);
        CheckRequest(document.Metadata!, request, faults);
        if (faults.Count > 0 || certificate is null || identity is null)
        {
            certificate?.Dispose();
            return Fault(text, string.Join("; ", faults));
        }

        var state = stateFolder is null ? null : new CertificateState(stateFolder, document.Metadata!.Id ?? "", certificate);
        var (kept, stateFault) = state?.Read(time.GetUtcNow(), masker.Add) ?? (null, null);
        var current = kept?.Certificate ?? certificate;
        var expires = new DateTimeOffset(current.NotAfter);
        if (expires <= time.GetUtcNow())
        {
            certificate.Dispose();
            return StartFailure.Refused(StartStep.Credentials, string.Create(CultureInfo.InvariantCulture,
                $"{text.Source}: the certificate expired at {expires.UtcDateTime:u}; make new credentials: planton runner generate-credentials {document.Metadata!.Runner}"));
        }

        return new LoadedCredentials
        {
            Source = text.Source,
            Identity = identity,
            Metadata = document.Metadata!,
            Certificate = current,
            IssuedAt = kept?.Certificate is not null ? kept.IssuedAt : document.Metadata!.IssuedAt is var at && at == default ? null : at,
            State = state,
            StateFault = stateFault is null ? null : $"{state!.Path} {stateFault}",
            TunnelRoots = kept?.TrustedRoots ?? roots,
            TunnelEndpoint = HostAndPort.TryParse(document.Tunnel.Endpoint, out var endpoint) ? endpoint : default,
            ControlPlane = new Uri(document.ControlPlane.Endpoint!),
            ControlPlaneRoots = controlPlaneRoots is not null && kept is not null && Overlap(controlPlaneRoots, roots) ? kept.TrustedRoots : controlPlaneRoots,
            ApiKey = document.ApiKey!,
        };
    }

    // Then the API is served by the control plane's own authority, and follows it where that goes.
    private static bool Overlap(X509Certificate2Collection some, X509Certificate2Collection others) =>
        some.Any(one => others.Any(other => other.RawDataMemory.Span.SequenceEqual(one.RawDataMemory.Span)));

    private static X509Certificate2Collection ReadCertificates(string pem, string field, List<string> faults)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
        }

        if (certificates.Count == 0)
            faults.Add($"{field}: holds no certificate that can be read");
        return certificates;
    }

    private static X509Certificate2? ReadPair(TunnelCredentials tunnel, List<string> faults)
    {
        using var certificate = Try(() => X509Certificate2.CreateFromPem(tunnel.Certificate));
        if (certificate is null)
            faults.Add("tunnel.certificate: cannot be read");
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(tunnel.PrivateKey);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            faults.Add("tunnel.privateKey: is not an ECDSA private key that can be read");
            return null;
        }

        if (certificate is null)
            return null;
        var pair = Try(() => certificate.CopyWithPrivateKey(key));
        if (pair is null)
            faults.Add("tunnel.privateKey: does not belong to tunnel.certificate");
        return pair;
    }

    private static X509Certificate2? Try(Func<X509Certificate2> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static RunnerIdentity? ReadIdentity(X509Certificate2 certificate, RunnerCredentialsMetadata metadata, List<string> faults)
    {
        if (CertificateIdentity.Read(certificate) is not { } identity)
        {
            faults.Add("tunnel.certificate: carries no runner identity (one URI name, spiffe://DOMAIN/org/ORG-ID/runner/RUNNER-ID)");
            return null;
        }

        if (identity.RunnerId != metadata.RunnerId)
            faults.Add($"metadata.runnerId: is {metadata.RunnerId}, and the certificate is of runner {identity.RunnerId}");
        if (identity.OrganizationId is null != metadata.Organization is null)
            faults.Add("metadata.organization: does not agree with the certificate on whether this is a platform runner");
        return identity;
    }

    private static void CheckRequest(RunnerCredentialsMetadata metadata, CredentialsRequest request, List<string> faults)
    {
        if (request.Name is not null && request.Name != metadata.Runner)
            faults.Add($"metadata.runner: is '{metadata.Runner}', and the command asks for '{request.Name}'");
        if (request.Platform && metadata.Organization is not null)
            faults.Add($"metadata.organization: is '{metadata.Organization}', and the command asks for a runner of the platform");
        if (request.Organization is not null && request.Organization != metadata.Organization)
            faults.Add($"metadata.organization: is '{metadata.Organization}', and the command asks for '{request.Organization}'");
    }

    private static StartFailure Fault(CredentialsText text, string why) =>
        StartFailure.Configuration(StartStep.Credentials, $"{text.Source}: {SafeText.OneLine(why)}");
}
