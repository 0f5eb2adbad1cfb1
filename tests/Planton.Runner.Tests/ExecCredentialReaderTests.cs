using System.Text;
using Planton.Runner.Providers.Kubernetes.Authentication;

namespace Planton.Runner.Tests;

public sealed class ExecCredentialReaderTests
{
    private const string Version = "client.authentication.k8s.io/v1";

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("{} {}", "not JSON")]
    [InlineData("null", "something else than an ExecCredential")]
    [InlineData("[]", "something else than an ExecCredential")]
    [InlineData("\"token\"", "something else than an ExecCredential")]
    [InlineData("{}", "something else than an ExecCredential")]
    [InlineData("""{"kind": 7}""", "something else than an ExecCredential")]
    [InlineData("""{"kind":"Status"}""", "something else than an ExecCredential")]
    [InlineData("""{"kind":"ExecCredential"}""", "answered with apiVersion ''")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1alpha1"}""", "answered with apiVersion")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}""", "without a status")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":null}""", "without a status")]
    [InlineData("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":"x"}""", "without a status")]
    public void WhatIsNoCredentialIsSaidAndNotQuoted(string text, string expected)
    {
        var (credential, fault) = Read(text);
        Assert.Null(credential);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "neither a token nor a client certificate")]
    [InlineData("\"token\":\"\"", "neither a token nor a client certificate")]
    [InlineData("\"token\":null", "neither a token nor a client certificate")]
    [InlineData("\"token\":{\"a\":1}", "neither a token nor a client certificate")]
    [InlineData("\"clientCertificateData\":\"c\"", "only one of client certificate and client key")]
    [InlineData("\"token\":\"t\",\"clientKeyData\":\"super-secret-key\"", "only one of client certificate and client key")]
    [InlineData("\"token\":\"super-secret\",\"expirationTimestamp\":\"tomorrow\"", "no time")]
    [InlineData("\"token\":\"super-secret\",\"expirationTimestamp\":1700000000", "no time")]
    [InlineData("\"token\":\"super-secret\",\"expirationTimestamp\":\"\"", "no time")]
    public void AStatusThatCannotBeUsedIsSaid(string status, string expected)
    {
        var (credential, fault) = Read(Status(status));
        Assert.Null(credential);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("super-secret", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"expirationTimestamp\":\"2026-01-02T03:04:05Z\"", "2026-01-02T03:04:05Z")]
    [InlineData("\"expirationTimestamp\":\"2026-01-02T03:04:05.123456+02:00\"", "2026-01-02T01:04:05.123456Z")]
    [InlineData("\"expirationTimestamp\":null", null)]
    [InlineData("\"unknown\":[1,{}]", null)]
    public void TheExpiryIsRead_InAnyZone(string more, string? expires)
    {
        var (credential, fault) = Read(Status("\"token\":\"t\"," + more));
        Assert.Null(fault);
        Assert.Equal("t", credential!.Token);
        Assert.Equal(expires is null ? null : DateTimeOffset.Parse(expires, System.Globalization.CultureInfo.InvariantCulture), credential.Expires);
    }

    [Fact]
    public void TokenAndCertificateMayComeTogether_AndPrintNothing()
    {
        var (credential, _) = Read(Status("\"token\":\"super-secret\",\"clientCertificateData\":\"c\",\"clientKeyData\":\"k\""));
        Assert.Equal(("super-secret", "c", "k"), (credential!.Token, credential.CertificatePem, credential.KeyPem));
        Assert.DoesNotContain("super-secret", $"{credential}", StringComparison.Ordinal);
    }

    [Fact]
    public void DeepNestingIsAFaultAndNoCrash() =>
        Assert.Contains("not JSON", Read(new string('[', 100_000)).Fault, StringComparison.Ordinal);

    private static (ExecCredential? Credential, string? Fault) Read(string text) =>
        ExecCredentialReader.Read(Encoding.UTF8.GetBytes(text), Version);

    private static string Status(string status) => $"{{\"kind\":\"ExecCredential\",\"apiVersion\":\"{Version}\",\"status\":{{{status}}}}}";
}
