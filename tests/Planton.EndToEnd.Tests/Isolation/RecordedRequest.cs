namespace Planton.EndToEnd.Tests.Isolation;

/// <summary>What reached a target.</summary>
internal sealed record RecordedRequest(string Method, string PathAndQuery, IReadOnlyDictionary<string, string> Headers);
