using System.Globalization;

namespace Planton.EndToEnd.Tests.Outages;

/// <summary>A variable that one client writes, each time another number, and what it was answered.</summary>
internal sealed class WrittenVariable(string name)
{
    private readonly HashSet<int> _doubtful = [];
    private int _last = -1;
    private int _count;

    public string Name => name;

    /// <summary>How many writes were answered with success.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Answered(int number)
    {
        _last = number;
        Interlocked.Increment(ref _count);
    }

    /// <summary>It was answered that this is not known.</summary>
    public void InDoubt(int number) => _doubtful.Add(number);

    /// <summary>The last answered write holds, unless a later one was in doubt; none that was refused does; each has its record.</summary>
    public void Check(string stored, int records)
    {
        var number = int.Parse(stored, CultureInfo.InvariantCulture);
        Assert.True(number == _last || (number > _last && _doubtful.Contains(number)), $"{name} is {number}; {_last} was the last that was answered");
        Assert.InRange(records, _count, _count + _doubtful.Count);
    }
}
