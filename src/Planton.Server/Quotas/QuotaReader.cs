using System.Globalization;

namespace Planton.Server.Quotas;

/// <summary>Reads <c>NAME=VALUE,NAME=VALUE</c>.</summary>
internal static class QuotaReader
{
    /// <param name="text">What was given; null for the defaults.</param>
    /// <param name="fault">Called once for each fault.</param>
    public static QuotaOptions Read(string? text, Action<string> fault)
    {
        var options = new QuotaOptions();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (item.Split('=') is not [var name, var value])
            {
                fault($"\"{item}\" is not NAME=VALUE, such as {Quota.CallerRunnerPercent.Name}=50");
                continue;
            }

            var quota = Quota.All.FirstOrDefault(known => known.Name == name);
            if (quota is null)
                fault($"\"{name}\" is no quota; there are {string.Join(", ", Quota.All.Select(known => known.Name))}");
            else if (!seen.Add(name))
                fault($"{name} is given twice");
            else if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < quota.Least || number > quota.Most)
                fault($"{name}: \"{value}\" is not a whole number from {quota.Least} to {quota.Most}");
            else
                options = quota.Set(options, number);
        }

        return options;
    }
}
