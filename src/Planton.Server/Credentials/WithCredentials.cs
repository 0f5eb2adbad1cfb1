namespace Planton.Server.Credentials;

/// <summary>An answer that carries new credentials.</summary>
/// <param name="Answer">With marks in place of the secrets.</param>
/// <param name="Issued">With the secrets.</param>
internal sealed record WithCredentials<T>(T Answer, IssuedCredentials Issued);
