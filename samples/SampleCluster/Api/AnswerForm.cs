namespace SampleCluster.Api;

/// <summary>How a client wants objects.</summary>
internal enum AnswerForm
{
    /// <summary>As JSON objects.</summary>
    Json,

    /// <summary>As server-side tables.</summary>
    Table,

    /// <summary>In none of the forms there are.</summary>
    None,
}
