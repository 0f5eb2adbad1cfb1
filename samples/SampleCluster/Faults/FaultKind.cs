namespace SampleCluster.Faults;

/// <summary>What becomes of one request.</summary>
internal enum FaultKind
{
    /// <summary>It is answered.</summary>
    None,

    /// <summary>It gets an error.</summary>
    Fail,

    /// <summary>It gets nothing, for as long as it waits.</summary>
    Stall,

    /// <summary>Its connection breaks.</summary>
    Cut,
}
