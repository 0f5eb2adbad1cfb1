using System.Text;
using Planton.Api.Secrets;
using Planton.Server.Errors;

namespace Planton.Server.Secrets;

/// <summary>What a new version of a secret must be like. Says nothing of the values in its faults.</summary>
internal static class SecretRequestValidator
{
    public const int MaxKeys = 256;
    public const int MaxKeyLength = 128;

    /// <summary>The keys and values to store, or every fault.</summary>
    public static Result<Dictionary<string, string>> Validate(string name, PutSecretRequest request)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", name);
        if (request.Value is null == request.Values is null)
            faults.Add("values", "is missing: give either values or value");
        var values = request.Values ?? new Dictionary<string, string> { [PutSecretRequest.SingleKey] = request.Value ?? "" };
        if (values.Count is 0 or > MaxKeys)
            faults.Add("values", $"must have 1 to {MaxKeys} keys");
        // A key that is wrong may well be a value in the wrong place: it is not repeated.
        if (!values.Keys.All(IsKey))
            faults.Add("values", $"a key must be 1 to {MaxKeyLength} letters, digits, '.', '_' and '-'");
        // JSON can say null where the type cannot.
        if (values.Values.Any(value => (string?)value is null))
            faults.Add("values", "a value is null");
        else if (values.Sum(pair => (long)Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value)) > PutSecretRequest.MaxBytes)
            faults.Add("values", $"keys and values together have more than {PutSecretRequest.MaxBytes / 1024} KiB");
        if (faults.ToError() is { } error)
            return error;
        return values.ToDictionary(StringComparer.Ordinal);
    }

    public static bool IsKey(string key) =>
        key.Length is > 0 and <= MaxKeyLength && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
