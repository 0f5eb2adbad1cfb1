using System.Text;
using Planton.Api.References;
using Planton.Runner.Providers.Kubernetes.Configuration;

namespace Planton.Runner.Providers.Kubernetes.References;

/// <summary>The references in a cluster and its user: values that are one as a whole.</summary>
internal static class SelectionReferences
{
    public static IReadOnlyList<string> Of(KubeSelection selection)
    {
        var (cluster, user) = (selection.Cluster, selection.User);
        return [.. new[]
        {
            cluster.Server, cluster.CertificateAuthorityData, user.Token, user.Username, user.Password, user.ClientCertificateData, user.ClientKeyData,
        }.OfType<string>().Where(ReferenceText.Is).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The same with the values in place of their references.</summary>
    public static KubeSelection Replace(KubeSelection selection, IReadOnlyDictionary<string, string> values)
    {
        var (cluster, user) = (selection.Cluster, selection.User);
        return selection with
        {
            Cluster = cluster with { Server = Line(cluster.Server), CertificateAuthorityData = Data(cluster.CertificateAuthorityData) },
            User = user with
            {
                Token = Line(user.Token),
                Username = Line(user.Username),
                Password = Text(user.Password),
                ClientCertificateData = Data(user.ClientCertificateData),
                ClientKeyData = Data(user.ClientKeyData),
            },
        };

        string? Text(string? text) => text is not null && values.TryGetValue(text, out var value) ? value : text;

        // A value that came from a file may have a line break at its end.
        string? Line(string? text) => ReferenceText.Is(text) ? Text(text)?.Trim() : text;

        // A secret holds PEM more often than base64 of it.
        string? Data(string? text) => ReferenceText.Is(text) && Line(text) is { } value && value.StartsWith("-----BEGIN ", StringComparison.Ordinal)
            ? Convert.ToBase64String(Encoding.UTF8.GetBytes(value))
            : Line(text);
    }
}
