using Planton.Api;
using Planton.Api.Errors;

namespace Planton.Server.Errors;

/// <summary>Collects every fault of a request, so that they are told at once.</summary>
internal sealed class FieldFaults
{
    private readonly SortedDictionary<string, List<string>> _faults = new(StringComparer.Ordinal);

    /// <summary>The faults as one error; null when there are none.</summary>
    public Error? ToError() => _faults.Count == 0
        ? null
        : new Error(
            ErrorCode.InvalidArgument,
            string.Join("; ", _faults.SelectMany(field => field.Value.Select(fault => $"{field.Key}: {fault}"))),
            Fields: _faults.ToDictionary(field => field.Key, field => field.Value.ToArray()));

    public void Add(string field, string fault)
    {
        if (!_faults.TryGetValue(field, out var faults))
            _faults[field] = faults = [];
        faults.Add(fault);
    }

    public void NeedSlug(string field, string? value)
    {
        if (string.IsNullOrEmpty(value))
            Add(field, "is missing");
        else if (!Slug.IsValid(value))
            Add(field, $"must be {Slug.Rule}");
    }
}
