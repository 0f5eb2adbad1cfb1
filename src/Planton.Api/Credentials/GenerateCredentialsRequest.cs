namespace Planton.Api.Credentials;

/// <summary>Body of <c>POST …/runners/NAME/credentials</c> and of <c>…/credentials/regenerate</c>. It may be left out.</summary>
/// <param name="ValidForSeconds">How long each certificate of these credentials lives before its runner must have renewed it; null: as long as the server says.</param>
public sealed record GenerateCredentialsRequest(long? ValidForSeconds = null);
