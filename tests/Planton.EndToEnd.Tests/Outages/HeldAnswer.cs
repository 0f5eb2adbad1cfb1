namespace Planton.EndToEnd.Tests.Outages;

/// <summary>How much of its answer a client gets before the target holds it.</summary>
internal enum HeldAnswer
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The status, the headers and the first half of a list.</summary>
    HalfAList,

    /// <summary>A whole list, then a watch with one event.</summary>
    Watch,
}
