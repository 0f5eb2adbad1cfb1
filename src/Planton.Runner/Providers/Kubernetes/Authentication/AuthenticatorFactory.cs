using System.Net.Http.Headers;
using System.Text;
using Planton.Runner.Logging;
using Planton.Runner.Network;

namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>
/// Chooses how to log in, by the order that Kubernetes clients share: a token file before a token, a token before a password,
/// and a plugin only where none of them is set. A client certificate goes with any of them.
/// </summary>
internal sealed class AuthenticatorFactory(KubernetesOptions options, SecretMasker masker, TimeProvider time)
{
    public ITargetAuthenticator Create(TargetDefinition definition)
    {
        masker.Add(definition.Token);
        masker.Add(definition.Password);
        masker.Add(definition.ClientKeyPem);
        if (definition.Username is not null)
            masker.Add(Basic(definition));
        return Choose(definition);
    }

    /// <summary>Without remembering what is to be masked: whoever asks does that for as long as the request lives.</summary>
    public ITargetAuthenticator CreateForOneRequest(TargetDefinition definition) => Choose(definition);

    private ITargetAuthenticator Choose(TargetDefinition definition)
    {
        ClientCertificate? certificate = null;
        if (definition.ClientCertificatePem is not null && definition.ClientKeyPem is not null)
        {
            var read = ClientCertificate.Read(definition.ClientCertificatePem, definition.ClientKeyPem, definition.Name, definition.Advice);
            if (read.Fault is { } fault)
                return new StaticAuthenticator(fault);
            certificate = read.Value;
        }

        if (definition.TokenFile is not null)
            return new TokenFileAuthenticator(definition, certificate, options, masker, time);
        if (definition.Token is { } token)
            return Header("Bearer", token, certificate, definition);
        if (definition.Username is not null)
            return Header("Basic", Basic(definition), certificate, definition);
        if (definition.Exec is not null && certificate is null)
            return new ExecAuthenticator(definition, new ExecPlugin(definition, options, masker, time).RunAsync, options, time);
        return new StaticAuthenticator(new TargetCredential(null, certificate));
    }

    private static string Basic(TargetDefinition definition) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{definition.Username}:{definition.Password}"));

    private static StaticAuthenticator Header(string scheme, string value, ClientCertificate? certificate, TargetDefinition definition) =>
        new(value.All(c => c is > ' ' and < (char)127)
            ? new TargetCredential(new AuthenticationHeaderValue(scheme, value), certificate)
            : new NetworkFault(NetworkStage.Configuration, $"the token of {definition.Name} cannot stand in a header", definition.Advice));
}
