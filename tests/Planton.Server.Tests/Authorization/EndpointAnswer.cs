namespace Planton.Server.Tests.Authorization;

/// <summary>What came back of one call.</summary>
/// <param name="Call">Who called what, for the failure's text.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="OperationId">By which the trail knows the call.</param>
/// <param name="Text">The body of a refusal.</param>
internal sealed record EndpointAnswer(string Call, int Status, string OperationId, string Text);
